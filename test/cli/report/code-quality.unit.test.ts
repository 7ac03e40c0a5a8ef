import { expect } from "chai";
import type { Report } from "../../../cli/report/report";
import { blocked, numbered, written } from "./builders";

interface Issue {
  fingerprint: string;
}
const issues = (report: Report) => JSON.parse(written("code-quality", report)) as Issue[];

describe("the GitLab Code Quality report", () => {
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
