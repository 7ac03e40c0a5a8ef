import { expect } from "chai";
import { log as styled } from "../../../cli/report/log";
import { blocked, clean, numbered } from "./builders";

const log = (...given: Parameters<typeof styled>) => styled(...given).map(({ text }) => text);

describe("the job's log", () => {
  it("has no line that the runner takes for a command: it takes one that begins with colons after any spaces", () => {
    const lines = log(blocked([numbered(1, { message: "a\n  ::error::b\n::stop-commands::c" })]));
    expect(lines.filter((line) => /^\s*::/.test(line))).to.deep.equal([]);
  });

  it("counts what is exempt apart from what advises", () => {
    const exempt = numbered(1, { kind: "exempt", blocks: false });
    const advisory = numbered(2, { blocks: false });
    expect(log(blocked([numbered(3), exempt, exempt, advisory])).at(-1)).to.equal(
      "Blocked: 1 mandatory, 1 advisory, 2 exempt in dev.",
    );
    expect(log({ ...clean(), findings: [exempt, advisory] })).to.include(
      "Passed: no policy blocks dev; 1 advisory, 1 exempt.",
    );
  });
});
