import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { needsEngine } from "../../harness/engine/needs-engine";
import { gate, repository, type Repository } from "./gate";

const STACK = "urn:pulumi:dev::shop::aws:cloudformation/stack:Stack::S";
const Resources = Object.fromEntries(["A", "B", "C"].map((name) => [name, { Type: "AWS::S3::Bucket" }]));
const PROGRAM = [
  { type: "aws:cloudformation/stack:Stack", name: "S", props: { templateBody: JSON.stringify({ Resources }) } },
];

interface Sarif {
  runs: { results: { partialFingerprints: object; logicalLocations: unknown }[] }[];
}

describe("the gate, on a template with several open buckets,", function () {
  needsEngine();
  this.timeout(120_000);
  let shop: Repository;
  before(async () => {
    shop = await repository(PROGRAM);
  });
  after(() => shop.remove());

  it("speaks of each by its address, and exempts only the one that is named", async () => {
    const config = join(shop.root, "config.json");
    const exemptions = [STACK, `${STACK}#/Resources/A`].map((urn) => ({ urn, reason: "reviewed" }));
    writeFileSync(config, JSON.stringify({ "s3-bucket-public-access-block": { exemptions } }));
    const { code, stderr, stdout, reports } = await gate(shop, ["--policy-pack-config", config]);
    expect(code, stdout + stderr).to.equal(1);
    const { stacks } = JSON.parse(reports.json ?? "") as {
      stacks: { findings: { urn: string; blocks: boolean; kind: string; placedAt: string }[] }[];
    };
    const told = stacks[0]?.findings.filter(({ urn }) => urn.startsWith(STACK)) ?? [];
    expect(told.map(({ urn, blocks, kind, placedAt }) => [urn, blocks, kind, placedAt])).to.deep.equal([
      [`${STACK}#/Resources/B`, true, "violation", STACK],
      [`${STACK}#/Resources/C`, true, "violation", STACK],
      [`${STACK}#/Resources/A`, false, "exempt", STACK],
    ]);
    const { runs } = JSON.parse(reports.sarif ?? "") as Sarif;
    const marks = runs[0]?.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)) ?? [];
    expect(new Set(marks).size).to.equal(marks.length);
    for (const name of ["A", "B", "C"])
      for (const form of [reports.sarif, reports.junit, stdout + stderr])
        expect(form).to.include(`S#/Resources/${name}`);
    expect(reports.summary?.replace(/&#35;/g, "#")).to.include("S#/Resources/B").and.include("S#/Resources/C");
  });
});
