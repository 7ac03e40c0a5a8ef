import { expect } from "chai";
import { json } from "../../../cli/report/json";
import type { Report } from "../../../cli/report/report";
import { blocked, clean, violation, violationNowhere } from "./builders";
import { jsonErrors } from "./json-schema";

const read = (...reports: Report[]): unknown => JSON.parse(json(reports, { version: "1.2.3" }));

const exempt = violationNowhere({ kind: "exempt", blocks: false, fix: "a: 1", more: "So." });

describe("the JSON report", () => {
  it("has the verdict and every finding of a stack, in the form that the documented schema has", () => {
    const report = read(
      blocked([violation({ edits: [] }), exempt], {
        policies: [{ pack: "demo", policy: "no-open-bucket" }],
      }),
    );
    const subject = {
      pack: "demo",
      policy: "no-open-bucket",
      urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data",
      type: "aws:s3/bucket:Bucket",
      name: "data",
    };
    const said = { message: "The bucket is open.", problem: "The bucket is open.", severity: "high" };
    const position = { file: "infra/index.ts", line: 8, column: 11 };
    expect(report).to.deep.equal({
      version: 1,
      tool: { name: "s3-public-access-block", version: "1.2.3" },
      verdict: "blocked",
      exitCode: 1,
      stacks: [
        {
          stack: "dev",
          project: "infra/Pulumi.yaml",
          verdict: "blocked",
          problems: [],
          notes: [],
          packs: [{ name: "demo", version: "1.2.3", isRequired: false }],
          policies: [{ pack: "demo", policy: "no-open-bucket" }],
          findings: [
            { ...subject, position, ...said, blocks: true, kind: "violation" },
            { ...subject, ...said, blocks: false, kind: "exempt", fix: "a: 1", more: "So." },
          ],
          remediations: [],
        },
      ],
    });
    expect(jsonErrors(report)).to.deep.equal([]);
  });

  it("has the worst verdict of its stacks: none in one is none, and then nothing passed", () => {
    const failed = blocked([], { verdict: "failed", problems: ["interrupted"] });
    const verdicts = [[clean()], [clean(), blocked([violation()])], [blocked([]), failed, clean()]].map(
      (reports) => read(...reports),
    );
    expect(verdicts.map((each) => (each as { exitCode: number }).exitCode)).to.deep.equal([0, 1, 2]);
    expect(verdicts.flatMap(jsonErrors)).to.deep.equal([]);
  });

  it("is held against the schema: one that lacks something, or has another version, isn't valid", () => {
    const report = read(blocked([violation()])) as { stacks: [{ findings: [object] }] };
    expect(jsonErrors({ ...report, version: 2 })).not.to.deep.equal([]);
    report.stacks[0].findings[0] = { ...report.stacks[0].findings[0], urn: 1 };
    expect(jsonErrors(report)).not.to.deep.equal([]);
  });
});
