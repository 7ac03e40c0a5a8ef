import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { LOST, OWN, OWN_POLICIES, ruleOf } from "../../../cli/report/rules";
import type { Report } from "../../../cli/report/report";
import { blocked, numbered, violation, violationNowhere, written } from "./builders";
import { slowIt } from "../../policypack/runs";
import { runsIn, sarifRuns, schemaErrors } from "./read";

/** The report as SARIF, once the published schema has taken it. */
const valid = (report: Report, sources?: string) =>
  sarifRuns(written("sarif", report, sources === undefined ? {} : { product: { version: "0.1.0", sources } }))[0];

describe("the SARIF report", () => {
  it("is held against a schema that refuses what isn't SARIF", () => {
    const wrong = { version: "2.1.0", runs: [{ tool: { driver: { name: "x" } }, results: [{ level: "fatal" }] }] };
    expect(schemaErrors(wrong)).to.deep.equal([
      "/runs/0/results/0 must have required property 'message'",
      "/runs/0/results/0/level must be equal to one of the allowed values",
    ]);
  });

  const marks = (...findings: Parameters<typeof blocked>[0]) =>
    valid(blocked(findings)).results.map(({ partialFingerprints }) => partialFingerprints);

  it("gives every finding a fingerprint of its own that doesn't depend on lines", () => {
    const [one, other, again] = marks(numbered(1), numbered(2), numbered(1, { message: "another" }));
    const own = [one, other, again].map((each) => each?.["policyAndUrn/v1"]);
    expect(new Set(own).size).to.equal(3);
    expect(marks(numbered(1, { position: { file: "moved.ts", line: 99 } }))).to.deep.equal([
      { "policyAndUrn/v1": own[0] },
    ]);
  });

  it("tells the buckets of a loop apart by what code scanning goes by, and leaves that to GitHub on other lines", () => {
    const position = { file: "infra/index.ts", line: 3 };
    const loop = Array.from({ length: 30 }, (_, at) => numbered(at + 1, { position }));
    const all = marks(...loop, numbered(40), numbered(3, { policy: "other" }));
    const hashes = all.map((each) => each.primaryLocationLineHash);
    expect(hashes.slice(30)).to.deep.equal([undefined, undefined]);
    expect(new Set(hashes.slice(0, 30)).size).to.equal(30);
    expect(hashes[0]).to.equal(`${all[0]?.["policyAndUrn/v1"] ?? ""}:1`);
  });

  it("tells apart what has no place, since all of that is on one line of Pulumi.yaml", () => {
    const all = marks(violationNowhere(), violationNowhere({ urn: "urn:other" }));
    const hashes = all.map(({ primaryLocationLineHash }) => primaryLocationLineHash);
    expect(new Set(hashes).size).to.equal(2);
    expect(hashes).not.to.include(undefined);
  });

  it("links its own rules to the documentation of the repository that it was published from, else to AWS's", () => {
    const rules = (sources?: string) =>
      valid(
        blocked([
          violation({ pack: OWN, policy: "s3-no-public-acl" }),
          violation({ pack: OWN, policy: LOST }),
          violation(),
        ]),
        sources,
      ).tool.driver.rules.map(({ helpUri }) => helpUri);
    expect(rules("https://git.example/a/b/blob/HEAD")).to.deep.equal([
      "https://git.example/a/b/blob/HEAD/docs/policies.md#s3-no-public-acl",
      "https://git.example/a/b/blob/HEAD/docs/gate.md#what-a-preview-takes-away",
      undefined,
    ]);
    const aws = "docs.aws.amazon.com";
    expect(rules().map((uri) => uri?.split("/")[2])).to.deep.equal([aws, aws, undefined]);
  });

  it("has of another pack's policy the name, also when it is the name of one of ours", () => {
    const text = "Policy s3-no-public-acl of the policy pack demo.";
    expect(ruleOf("demo", "s3-no-public-acl")).to.deep.equal({
      ...{ displayName: "s3-no-public-acl", description: text },
      remediationSteps: `${text} Each result names the problem of its resource.`,
    });
  });

  it("links rules to headings that are there", () => {
    const linked = [LOST, ...OWN_POLICIES.map(({ name }) => name)].map((name) => ruleOf(OWN, name).docs ?? "");
    const missing = linked.filter((each) => {
      const [file = "", anchor = ""] = each.split("#");
      const text = readFileSync(join(__dirname, "../../..", file), "utf8");
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        heading.toLowerCase().replaceAll(" ", "-"),
      );
      return !anchors.includes(anchor);
    });
    expect([linked.length > 5, missing]).to.deep.equal([true, []]);
  });

  const leftOut = (text: string) => /(\d+) more results are left out: code scanning takes/.exec(text)?.[1];

  slowIt("has no more results than code scanning takes: the first, and says how many are left out", () => {
    const many = Array.from({ length: 25_003 }, (_, at) => numbered(at + 1));
    const text = written("sarif", blocked(many));
    const [{ results, invocations }] = runsIn(text);
    expect([results.length, leftOut(JSON.stringify(invocations))]).to.deep.equal([25_000, "3"]);
    expect(JSON.stringify(results.at(-1))).to.contain("::b25000");
  });

  slowIt("has no more results than fit into what code scanning takes, compressed", () => {
    const noise = () => randomBytes(6000).toString("base64");
    const many = Array.from({ length: 1700 }, (_, at) => numbered(at + 1, { message: noise() }));
    const text = written("sarif", blocked(many));
    const [{ results }] = runsIn(text);
    expect(gzipSync(text).length).to.be.within(5_000_000, 10_000_000);
    expect(Number(leftOut(text))).to.equal(1700 - results.length);
    expect(results.length).to.be.below(1700);
  });
});
