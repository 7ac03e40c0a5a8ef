import { expect } from "chai";
import { annotations } from "../../../cli/report/annotations";
import { blocked, numbered, violation } from "./builders";

describe("the GitHub annotations", () => {
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

  it("say how many findings, and not how many lines, GitHub won't show: ten of a type are shown", () => {
    const ten = Array.from({ length: 10 }, (_, at) => numbered(at + 1));
    expect(annotations(blocked(ten))).to.have.length(10);
    const last = loop({ position: { file: "z.ts", line: 1 } });
    const lines = annotations(blocked([...ten, ...last, numbered(12, { blocks: false })]));
    expect(lines).to.have.length(11);
    expect(lines.slice(-2)).to.deep.equal([
      "::error title=31 more findings::GitHub shows 10 annotations of a type. 31 more are in the summary and the log.",
      "::warning file=infra/index.ts,line=12,col=1,title=no-open-bucket%3A b12::The bucket is open.",
    ]);
  });
});
