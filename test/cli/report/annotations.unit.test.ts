import { expect } from "chai";
import { annotations } from "../../../cli/report/annotations";
import { blocked, clean, numbered, violation, violationNowhere } from "./builders";

describe("the GitHub annotations", () => {
  it("of one violation are one error on its line", () => {
    const finding = violation({ problem: "The bucket is open. Add:", fix: "a: {\n    b,\n}" });
    expect(annotations(blocked([finding]))).to.deep.equal([
      "::error file=infra/index.ts,line=8,col=11,title=no-open-bucket%3A data::" +
        "The bucket is open. Add:%0Aa: {%0A    b,%0A}",
    ]);
  });

  it("of a clean preview are none", () => {
    expect(annotations(clean())).to.deep.equal([]);
  });

  it("warn of what was not evaluated", () => {
    expect(annotations({ ...clean(), notes: ["the preview was partial"] })).to.deep.equal([
      "::warning title=Not evaluated::the preview was partial",
    ]);
  });

  it("are escaped: nothing that a program names ends a property, the line or the command", () => {
    const finding = violation({
      name: "a,line=1::b%2C",
      problem: "100%\r\n::set-output name=x::y",
      position: { file: "a:b,c%.ts", line: 1 },
    });
    expect(annotations(blocked([finding]))).to.deep.equal([
      "::error file=a%3Ab%2Cc%25.ts,line=1,title=no-open-bucket%3A a%2Cline=1%3A%3Ab%252C::" +
        "100%25%0D%0A::set-output name=x::y",
    ]);
  });

  it("name the resource where its line is not known", () => {
    expect(annotations(blocked([violationNowhere()]))).to.deep.equal([
      "::error title=no-open-bucket%3A data::The bucket is open.%0Aurn:pulumi:dev::shop::aws:s3/bucket:Bucket::data",
    ]);
  });

  it("are errors for what blocks, warnings for what doesn't, notices for what is exempt, in this order", () => {
    const findings = [
      numbered(1, { kind: "exempt", blocks: false }),
      numbered(2, { kind: "unverified", blocks: false }),
      numbered(3, { blocks: false }),
      numbered(4, { kind: "unverified" }),
      numbered(5),
    ];
    const heads = annotations(blocked(findings)).map((line) =>
      line.replace(/^::(\w+) .*line=(\d+).*$/, "$1 $2"),
    );
    expect(heads).to.deep.equal(["error 4", "error 5", "warning 2", "warning 3", "notice 1"]);
  });

  it("say how many GitHub won't show: ten of a type are shown", () => {
    const ten = Array.from({ length: 10 }, (_, at) => numbered(at + 1));
    expect(annotations(blocked(ten))).to.have.length(10);
    const lines = annotations(blocked([...ten, numbered(11), numbered(12, { blocks: false })]));
    expect(lines).to.have.length(11);
    expect(lines.slice(-2)).to.deep.equal([
      "::error title=2 more findings::GitHub shows 10 annotations of a type. The summary and the log have 2 more like these.",
      "::warning file=infra/index.ts,line=12,col=1,title=no-open-bucket%3A b12::The bucket is open.",
    ]);
  });

  const loop = (changes: object = {}) =>
    Array.from({ length: 30 }, (_, at) =>
      violation({ name: `b-${at}`, urn: `urn:b-${at}`, problem: `'b-${at}' is open.`, ...changes }),
    );

  it("are one a line, with a count, so that a loop hides no other line", () => {
    const names = Array.from({ length: 29 }, (_, at) => `b-${at + 1}`).join(", ");
    expect(annotations(blocked([...loop(), numbered(40)]))).to.deep.equal([
      "::error file=infra/index.ts,line=8,col=11,title=no-open-bucket%3A b-0 and 29 more::" +
        `'b-0' is open.%0AThe same for ${names}.`,
      "::error file=infra/index.ts,line=40,col=1,title=no-open-bucket%3A b40::The bucket is open.",
    ]);
  });

  it("say all that there is of a line, and keep what blocks apart from what doesn't", () => {
    const findings = [
      violation(),
      violation({ policy: "no-public-acl", problem: "The ACL is public.", fix: "acl: none" }),
      violation({ blocks: false, problem: "It has no owner." }),
    ];
    expect(annotations(blocked(findings))).to.deep.equal([
      "::error file=infra/index.ts,line=8,col=11,title=no-open-bucket%3A data and 1 more::" +
        "The bucket is open.%0A%0AThe ACL is public.%0Aacl: none",
      "::warning file=infra/index.ts,line=8,col=11,title=no-open-bucket%3A data::It has no owner.",
    ]);
  });

  it("count what reads the same and has no line, and keep the rest of it apart", () => {
    const nowhere = [0, 1, 2].map((at) =>
      violationNowhere({ name: `b-${at}`, urn: `urn:b-${at}`, problem: `'b-${at}' is open.` }),
    );
    expect(annotations(blocked([...nowhere, violationNowhere({ policy: "other" })]))).to.deep.equal([
      "::error title=no-open-bucket%3A b-0 and 2 more::'b-0' is open.%0Aurn:b-0%0AThe same for b-1, b-2.",
      `::error title=other%3A data::The bucket is open.%0A${violationNowhere().urn}`,
    ]);
  });

  it("count the findings that GitHub won't show, and not their lines", () => {
    const lines = Array.from({ length: 10 }, (_, at) => numbered(at + 100));
    const last = loop({ position: { file: "z.ts", line: 1 } });
    expect(annotations(blocked([...lines, ...last])).at(-1)).to.match(
      /^::error title=31 more findings::.* have 31 more like these\.$/,
    );
  });

  it("begin with the reason when there is no verdict", () => {
    const failed = blocked([violation()], { verdict: "failed", problems: ["the event log is empty"] });
    expect(annotations(failed)[0]).to.equal("::error title=No verdict::the event log is empty");
  });
});
