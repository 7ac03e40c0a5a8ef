import { expect } from "chai";
import { log as styled } from "../../../cli/report/log";
import type { Report } from "../../../cli/report/report";
import { blocked, clean, numbered, violation, violationNowhere } from "./builders";

const log = (...given: Parameters<typeof styled>) => styled(...given).map(({ text }) => text);

describe("the job's log", () => {
  it("has every finding with its place, and the verdict last", () => {
    const findings = [
      violation({ message: "Open. Add:\n    a: 1" }),
      violationNowhere({ blocks: false, kind: "unverified" }),
    ];
    expect(log(blocked(findings))).to.deep.equal([
      "- infra/index.ts:8:11 [mandatory] demo/no-open-bucket",
      "  | urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data",
      "  | Open. Add:",
      "  |     a: 1",
      "- [advisory, unverified] demo/no-open-bucket",
      "  | urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data",
      "  | The bucket is open.",
      "Blocked: 1 mandatory, 1 advisory in dev.",
    ]);
  });

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

  it("says that a clean preview passed", () => {
    expect(log(clean())).to.deep.equal(["Passed: no policy blocks dev; 0 advisory."]);
  });

  it("says what was not evaluated, and calls the pass one as far as it was evaluated", () => {
    expect(log({ ...clean(), notes: ["the preview was partial"] })).to.deep.equal([
      "not evaluated: the preview was partial",
      "Passed as far as it was evaluated: no policy blocks dev; 0 advisory.",
    ]);
  });

  it("says that no verdict isn't a pass, and why", () => {
    expect(log(blocked([], { verdict: "failed", problems: ["the event log is empty"] }))).to.deep.equal([
      "no verdict: the event log is empty",
      "No verdict on dev: that is not a pass.",
    ]);
  });

  it("shows on a terminal what blocks in red, what passes in green, and what is to be looked at in yellow", () => {
    const styles = (report: Report) => styled(report).map(({ style }) => style);
    const advisory = violation({ blocks: false });
    expect(styles(blocked([violation(), advisory, { ...advisory, kind: "exempt" }]))).to.deep.equal([
      ...["red", "dim", undefined, "yellow", "dim", undefined, "dim", "dim", undefined],
      "red",
    ]);
    expect([styles(clean()), styles({ ...clean(), notes: ["partial"] })]).to.deep.equal([
      ["green"],
      ["yellow", "yellow"],
    ]);
    expect(styles(blocked([], { verdict: "failed", problems: ["no"] }))).to.deep.equal(["red", "red"]);
  });
});
