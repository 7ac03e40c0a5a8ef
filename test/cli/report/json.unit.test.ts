import { expect } from "chai";
import type { Report } from "../../../cli/report/report";
import { blocked, clean, numbered, violation, written } from "./builders";
import { jsonErrors, jsonReport } from "./read";

describe("the JSON report", () => {
  it("has the worst verdict of its stacks: none in one is none, and then nothing passed", () => {
    const failed = blocked([], { verdict: "failed", problems: ["interrupted"] });
    const runs = [[clean()], [clean(), blocked([violation()])], [blocked([]), failed, clean()]];
    expect(runs.map((reports) => jsonReport(written("json", reports)).exitCode)).to.deep.equal([0, 1, 2]);
  });

  it("is held against the schema: one that lacks something, or has another version, isn't valid", () => {
    const report = JSON.parse(written("json", blocked([violation()]))) as { stacks: [{ findings: [object] }] };
    expect(jsonErrors({ ...report, version: 2 })).not.to.deep.equal([]);
    report.stacks[0].findings[0] = { ...report.stacks[0].findings[0], urn: 1 };
    expect(jsonErrors(report)).not.to.deep.equal([]);
  });
});

describe("the GitLab Code Quality report", () => {
  const issues = (report: Report) => JSON.parse(written("code-quality", report)) as { fingerprint: string }[];

  it("has no fingerprint twice: GitLab shows one finding of each", () => {
    const again = numbered(1, { position: { file: "infra/index.ts", line: 2 } });
    const findings = [numbered(1), again, numbered(1, { policy: "other" }), numbered(2)];
    expect(new Set(issues(blocked(findings)).map(({ fingerprint }) => fingerprint)).size).to.equal(4);
  });

  const loop = (count: number) =>
    Array.from({ length: count }, (_, at) => numbered(at + 1, { position: { file: "i.ts", line: 3 } }));

  it("has another fingerprint for a loop as soon as it makes one more, and for one bucket that of the bucket", () => {
    const mark = (...findings: Parameters<typeof blocked>[0]) => issues(blocked(findings))[0]?.fingerprint;
    expect(mark(...loop(1))).to.equal(mark(numbered(1)));
    expect(new Set([mark(...loop(1)), mark(...loop(2)), mark(...loop(3))]).size).to.equal(3);
    expect(mark(...loop(3).reverse())).to.equal(mark(...loop(3)));
  });
});
