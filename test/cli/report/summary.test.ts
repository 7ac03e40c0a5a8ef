import { expect } from "chai";
import { linker } from "../../../cli/report/links";
import { summary } from "../../../cli/report/summary";
import { blocked, clean, numbered, violation, violationNowhere } from "./builders";

const lines = (...given: Parameters<typeof summary>) => summary(...given).split("\n");
const titles = (...given: Parameters<typeof summary>) =>
  lines(...given).filter((line) => line.startsWith("#"));
const rows = (...given: Parameters<typeof summary>) =>
  lines(...given).filter((line) => line.startsWith("| ") && !/^\| (Resource|---) /.test(line));

const RESOURCE =
  '<span title="urn&#58;pulumi&#58;dev&#58;&#58;shop&#58;&#58;aws&#58;s3/bucket&#58;Bucket&#58;&#58;data">' +
  "<code>data</code><br><code>aws&#58;s3/bucket&#58;Bucket</code></span>";

describe("the summary", () => {
  it("of a blocked preview has the verdict first, then what is wrong, where, and the fix", () => {
    const finding = violation({
      problem: "The bucket is open:\n  all is false\nAdd:",
      fix: "new Block({\n    all: true,\n});",
      more: "Or be exempt.",
    });
    expect(lines(blocked([finding]), undefined)).to.deep.equal([
      "<!-- s3-public-access-block infra%2FPulumi.yaml%20dev -->",
      "## ❌ Blocked: 1 mandatory finding in <code>dev</code>",
      "",
      "Policy packs: <code>demo 1.2.3</code>",
      "",
      "### Blocking (1)",
      "",
      "| Resource | What is wrong | Where | Fix |",
      "| --- | --- | --- | --- |",
      `| ${RESOURCE} ` +
        "| The bucket is open&#58;<br><code>all is false</code><br>Add&#58;<br>" +
        "<code>no-open-bucket</code> (mandatory, high)<details><summary>More</summary>Or be exempt.</details> " +
        "| <code>infra/index.ts&#58;8&#58;11</code> " +
        "| <pre>new Block&#40;&#123;&#10;    all&#58; true,&#10;&#125;&#41;;</pre> |",
      "",
    ]);
  });

  it("of a clean preview is the verdict and what evaluated it", () => {
    expect(lines(clean(), undefined)).to.deep.equal([
      "<!-- s3-public-access-block infra%2FPulumi.yaml%20dev -->",
      "## ✅ Passed: no policy blocks <code>dev</code>",
      "",
      "Policy packs: <code>demo 1.2.3</code>",
      "",
    ]);
  });

  it("says what was not evaluated, and that a pass is one as far as it was evaluated", () => {
    expect(lines({ ...clean(), notes: ["the preview was partial"] }, undefined).slice(1, 4)).to.deep.equal([
      "## ⚠️ Passed as far as it was evaluated: no policy blocks <code>dev</code>",
      "",
      "- Not evaluated: the preview was partial",
    ]);
  });

  it("of a pass says how much of what was found only advises, which what is exempt doesn't", () => {
    const advisory = numbered(1, { blocks: false });
    const exempt = numbered(3, { blocks: false, kind: "exempt" });
    const headline = (...findings: Parameters<typeof blocked>[0]) =>
      lines(blocked(findings, { verdict: "passed" }), undefined)[1];
    expect([
      headline(exempt),
      headline(advisory, exempt),
      headline(advisory, numbered(2, { blocks: false })),
    ]).to.deep.equal([
      "## ✅ Passed: no policy blocks <code>dev</code>",
      "## ✅ Passed: no policy blocks <code>dev</code>, though 1 finding is advisory",
      "## ✅ Passed: no policy blocks <code>dev</code>, though 2 findings are advisory",
    ]);
  });

  it("without a verdict says why, and that it isn't a pass", () => {
    const failed = blocked([], { verdict: "failed", packs: [], problems: ["the event log is cut short"] });
    expect(lines(failed, undefined)).to.deep.equal([
      "<!-- s3-public-access-block infra%2FPulumi.yaml%20dev -->",
      "## ❌ No verdict on <code>dev</code>, which is not a pass: see the job's log",
      "",
      "- the event log is cut short",
      "",
    ]);
  });

  it("has a section each for what blocks, what doesn't, what nobody knows, what is exempt and what was remediated", () => {
    const findings = [
      numbered(1),
      numbered(2, { blocks: false }),
      numbered(3, { kind: "unverified" }),
      numbered(4, { kind: "unverified", blocks: false }),
      numbered(5, { kind: "exempt", blocks: false, problem: "Exempt until 2027-03-31: static site" }),
    ];
    const { pack, policy, urn, type, name } = violation();
    const report = blocked(findings, { remediations: [{ pack, policy, urn, type, name }] });
    expect(titles(report, undefined)).to.deep.equal([
      "## ❌ Blocked: 2 mandatory findings in <code>dev</code>",
      "### Blocking (2)",
      "### Advisory (1)",
      "### Could not be verified (1)",
      "### Exempt (1)",
      "### Remediated (1)",
    ]);
    expect(rows(report, undefined).slice(-2)).to.deep.equal([
      "| " +
        RESOURCE.replaceAll("data", "b5") +
        " | Exempt until 2027-03-31&#58; static site<br><code>no-open-bucket</code> (advisory, high) " +
        "| <code>infra/index.ts&#58;5&#58;1</code> |",
      `| ${RESOURCE} | <code>no-open-bucket</code> | not known |`,
    ]);
  });

  it("has a row for what has no place", () => {
    expect(rows(blocked([violationNowhere()]), undefined)).to.deep.equal([
      `| ${RESOURCE} | The bucket is open.<br><code>no-open-bucket</code> (mandatory, high) | not known |`,
    ]);
  });

  it("is a different comment for another stack and for another project, and the same for another verdict", () => {
    const marker = (report: Parameters<typeof summary>[0]) => lines(report, undefined)[0];
    const markers = [
      marker(clean()),
      marker(blocked([], { stack: "prod" })),
      marker(blocked([], { manifest: "web/Pulumi.yaml" })),
      marker(blocked([], { stack: "--><b>" })),
    ];
    expect(new Set(markers).size).to.equal(4);
    expect(markers[3]).to.equal("<!-- s3-public-access-block infra%2FPulumi.yaml%20--%3E%3Cb%3E -->");
    expect(marker(blocked([violation()]))).to.equal(markers[0]);
  });

  it("takes nothing that a program names for markup, a mention, a reference or a link", () => {
    const nasty = "@ann #1 | ![x](https://e.example) <img> `y` **z** www.e.example $a$ \\ ~~w~~";
    const [row = ""] = rows(
      blocked([violationNowhere({ name: nasty, problem: nasty, fix: nasty })]),
      undefined,
    );
    const [name = "", problem = "", , fix = ""] = row.slice(2, -2).split(" | ");
    const inCode =
      "&#64;ann &#35;1 &#124; &#33;&#91;x&#93;&#40;https&#58;//e.example&#41; &#60;img&#62; " +
      "&#96;y&#96; &#42;&#42;z&#42;&#42; www&#46;e.example &#36;a&#36; &#92; &#126;&#126;w&#126;&#126;";
    // In prose, a zero-width space follows each mark that GitHub would make a mention, reference or link of.
    const inProse = inCode.replace(/&#64;|&#35;|&#58;|www/g, "$&\u200b").replace("&#46;", ".");
    expect([name, problem, fix]).to.deep.equal([
      RESOURCE.replace("<code>data</code>", `<code>${inCode}</code>`),
      `${inProse}<br><code>no-open-bucket</code> (mandatory, high)`,
      `<pre>${inCode}</pre>`,
    ]);
  });

  it("fits into a comment, and says what it leaves out", () => {
    const many = Array.from({ length: 500 }, (_, at) => numbered(at + 1));
    const text = summary(blocked(many), undefined);
    expect(text.length).to.be.below(65_536);
    const shown = rows(blocked(many), undefined).length;
    // The empty line after the table is left out with the rows.
    expect(text.trimEnd().split("\n").at(-1)).to.equal(
      `${500 - shown + 1} more lines are left out here; the job's log has every finding.`,
    );
  });

  it("links each place in the forge whose job it is", () => {
    const report = blocked([violation({ position: { file: "a b/index.ts", line: 8 } })]);
    const github = {
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "o/r",
      GITHUB_SHA: "abc",
    };
    const gitlab = { CI_PROJECT_URL: "https://gitlab.example/o/r", CI_COMMIT_SHA: "abc" };
    const place = (env: NodeJS.ProcessEnv) => /href="([^"]*)"/.exec(summary(report, linker(env)))?.[1];
    expect([place(github), place(gitlab), place({})]).to.deep.equal([
      "https&#58;//github.example/o/r/blob/abc/a%20b/index.ts&#35;L8",
      "https&#58;//gitlab.example/o/r/-/blob/abc/a%20b/index.ts&#35;L8",
      undefined,
    ]);
  });
});
