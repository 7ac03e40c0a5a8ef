import { expect } from "chai";
import { linker } from "../../../cli/report/links";
import type { Finding, Link, Report } from "../../../cli/report/report";
import { blocked, clean, numbered, published, violation, violationNowhere, written } from "./builders";

const summary = (reports: Report | readonly Report[], link?: Link): string => written("summary", reports, { link });

const lines = (...given: Parameters<typeof summary>) => summary(...given).split("\n");
/** Its headings, and those of what is folded away as a whole. */
const titles = (...given: Parameters<typeof summary>) =>
  lines(...given).filter((line) => line.startsWith("#") || line.endsWith("</b></summary>"));
const entries = (...given: Parameters<typeof summary>) =>
  lines(...given).filter((line) => /^<details>.*<\/details>$/.test(line));

const URN = "<code>urn&#58;pulumi&#58;dev&#58;&#58;shop&#58;&#58;aws&#58;s3/bucket&#58;Bucket&#58;&#58;data</code>";
const RANK = "<code>no-open-bucket</code> (mandatory, high)";
const entry = (line: string, ...folded: string[]) =>
  `<details><summary>${line}</summary><blockquote>${folded.join("")}</blockquote></details>`;

describe("the summary", () => {
  it("has one document that exempts all that blocks, in either form, which is valid as it is", () => {
    const own = (urn: string, policy = "p") => {
      const exempted = [
        { policy: "p", urn },
        { policy: "q", urn: "urn:b" },
      ];
      const howToExempt = { exempted, exemptIf: "If", isExceptable: policy === "p" };
      return violation({ pack: "s3-public-access-block", policy, published: published({ howToExempt }) });
    };
    const documents = (...findings: Finding[]): unknown[] => {
      const text = summary(blocked(findings));
      expect(text).not.to.contain("\u202e");
      const [, shown = ""] = text.split("if all of these must be public");
      const found = [...shown.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, each = ""]) => each);
      return found.map((each): unknown =>
        JSON.parse(each.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))),
      );
    };
    const exemptions = (...urns: string[]) => ({ exemptions: urns.map((urn) => ({ urn, reason: "" })) });
    const excepting = (...match: [string, ...string[]][]) => ({
      version: 2,
      exceptions: {
        public: { reason: "", match: match.map(([policy, ...targets]) => ({ policies: [policy], targets })) },
      },
    });
    expect(documents(own("urn:a"), own("urn:\u202ec"))).to.deep.equal([
      { p: exemptions("urn:a", "urn:\u202ec"), q: exemptions("urn:b") },
      excepting(["p", "urn:a", "urn:\u202ec"], ["q", "urn:b"]),
    ]);
    const lost = "s3-lost-public-access-block";
    expect(documents(own("urn:a"), own("urn:c", lost))).to.deep.equal([
      { p: exemptions("urn:a", "urn:c"), q: exemptions("urn:b") },
      excepting(["p", "urn:a"], ["q", "urn:b"]),
    ]);
    expect(documents(own("urn:a", lost), own("urn:c", lost))).to.have.length(1);
    expect(documents(own("urn:a"))).to.deep.equal([]);
  });

  it("of several stacks that pass is a pass", () => {
    expect(summary([clean(), { ...clean(), stack: "prod" }])).to.contain("## ✅ 2 stacks. Passed: 2\n");
  });

  it("folds away much of what doesn't block, and nothing of what does", () => {
    const many = (changes: object) => Array.from({ length: 11 }, (_, at) => numbered(at + 1, changes));
    expect(titles(blocked([...many({}), ...many({ blocks: false })])).slice(1)).to.deep.equal([
      "### Blocking (11)",
      "<details><summary><b>Advisory (11)</b></summary>",
    ]);
  });

  it("has one line for a bucket and the block that is to blame, with both places", () => {
    const about = (name: string, line: number, problem: string) =>
      violation({ name, problem, message: "", fix: "a: true,", position: { file: "i.ts", line } });
    const lock = about("lock", 2, "Block 'lock' lacks a flag.\nSet");
    const data = about("data", 9, "Bucket 'data' is open: 'lock' lacks a flag.\nSet");
    expect(entries(blocked([lock, data]))).to.deep.equal([
      entry(
        "<b>2 ×</b> Bucket <code>data</code> is open&#58; <code>lock</code> lacks a flag. " +
          "<code>i.ts&#58;9</code> <code>i.ts&#58;2</code>",
        "<p>Set</p><pre>a&#58; true,</pre>",
        `<p>Block <code>lock</code> lacks a flag. ${RANK}</p><p>${RANK} ${URN}</p>`,
      ),
    ]);
  });

  it("is a different comment for another stack and for another project, and the same for another verdict", () => {
    const marker = (report: Report) => lines(report)[0];
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
    const [found = ""] = entries(
      blocked([violationNowhere({ name: nasty, problem: nasty, fix: nasty, more: nasty })]),
      undefined,
    );
    const inCode =
      "&#64;ann &#35;1 &#124; &#33;&#91;x&#93;&#40;https&#58;//e.example&#41; &#60;img&#62; " +
      "&#96;y&#96; &#42;&#42;z&#42;&#42; www&#46;e.example &#36;a&#36; &#92; &#126;&#126;w&#126;&#126;";
    // In prose, a zero-width space follows each mark that GitHub would make a mention, reference or link of.
    const inProse = inCode.replace(/&#64;|&#35;|&#58;|www|&#36;(?=a)|&#126;(?=w)/g, "$&\u200b").replace("&#46;", ".");
    expect(found).to.equal(
      entry(`<code>${inCode}</code>: ${inProse}`, `<pre>${inCode}</pre><p>${inProse}</p><p>${RANK} ${URN}</p>`),
    );
  });

  it("links each place in the forge whose job it is", () => {
    const report = blocked([violation({ position: { file: "a b/index.ts", line: 8 } })]);
    const github = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "o/r", GITHUB_SHA: "abc" };
    const gitlab = { CI_PROJECT_URL: "https://gitlab.example/o/r", CI_COMMIT_SHA: "abc" };
    const place = (env: NodeJS.ProcessEnv) => /href="([^"]*)"/.exec(summary(report, linker(env)))?.[1];
    expect([place(github), place(gitlab), place({})]).to.deep.equal([
      "https&#58;//github.example/o/r/blob/abc/a%20b/index.ts&#35;L8",
      "https&#58;//gitlab.example/o/r/-/blob/abc/a%20b/index.ts&#35;L8",
      undefined,
    ]);
  });
});
