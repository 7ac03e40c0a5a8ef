import { expect } from "chai";
import type { Json, State, Step } from "../../../cli/preview/output";
import { UnreadableError } from "../../../cli/preview/output";
import { isRequired, report } from "../../../cli/preview/verdict";
import { OWN } from "../../../cli/report/rules";
import { events as read } from "./log";

// The positions are this file's own: it is there, and in a repository.
const ROOTS = { project: __dirname, repository: __dirname, manifest: "Pulumi.yaml" };
const at = (line: number): string => `project:///verdict.unit.test.ts#${line},1`;
const BUCKET = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket";

const violation = (changes: object = {}): Json => ({
  policyEvent: {
    resourceUrn: `${BUCKET}::data`,
    message: "open\n",
    policyName: "no-open-bucket",
    policyPackName: "demo",
    enforcementLevel: "mandatory",
    ...changes,
  },
});
const answer = (policyPackName = "demo"): Json => ({ policyAnalyzeStackSummaryEvent: { policyPackName } });
const ended = (packs: object = { "demo|local|/packs/demo": "1.2.3" }): Json => ({
  summaryEvent: { PolicyPacks: packs },
});

const stateOf = (): State => ({
  ...{ inputs: {}, outputs: {}, provider: "", parent: "", propertyDependencies: {}, deletedWith: "" },
  ...{ external: false, retainOnDelete: false },
});

const evaluate = (events: Json[], { exitCode = 0, asked = 1, steps = [] as Step[] } = {}) =>
  report({ events: read(events), steps }, exitCode, asked, "dev", ROOTS);
const verdictOf = (...given: Parameters<typeof evaluate>) => {
  const { verdict, problems } = evaluate(...given);
  return [verdict, ...problems];
};

describe("a report", () => {
  it("exempts what the engine excepts, with its reasons, though the level stays mandatory", () => {
    const exceptions = [
      { id: "site", reason: "A public site" },
      { id: "old", reason: "" },
    ];
    const { verdict, findings } = evaluate([violation({ exceptions }), answer(), ended()]);
    expect([verdict, findings.map(({ kind, blocks, problem }) => ({ kind, blocks, problem }))]).to.deep.equal(
      ["passed", [{ kind: "exempt", blocks: false, problem: "Exempt: A public site; exception old\nopen" }]],
    );
  });

  it("says of what the engine excepts what is wrong, and neither the fix nor how to exempt it", () => {
    const own = {
      policyPackName: "s3-public-access-block",
      message: "Bucket 'a' is open.\nAdd one:\n      block();\nIf it must be public, say why",
      exceptions: [{ id: "site", reason: "A public site" }],
    };
    const { findings } = evaluate([violation(own), answer(), ended()]);
    expect(findings.map(({ message }) => message)).to.deep.equal([
      "Exempt: A public site\nBucket 'a' is open.",
    ]);
  });

  it("blocks what has no exception beside what has one, and concludes nothing if the CLI failed all the same", () => {
    const excepted = violation({ exceptions: [{ id: "site", reason: "A public site" }] });
    const other = violation({ resourceUrn: `${BUCKET}::other`, exceptions: [] });
    const blocked = verdictOf([excepted, other, answer(), ended()], { exitCode: 1 });
    expect(blocked).to.deep.equal(["blocked"]);
    expect(verdictOf([excepted, answer(), ended()], { exitCode: 1 })[0]).to.equal("failed");
  });

  it("concludes nothing where no policy pack was given and the organization requires none", () => {
    expect(verdictOf([ended({})], { asked: 0 })).to.deep.equal([
      "failed",
      "no policy pack evaluated the stack: none was given, and the organization requires none",
    ]);
    expect(verdictOf([answer(), ended({ demo: "1.2.3" })], { asked: 0 })).to.deep.equal(["passed"]);
  });

  it("tells which packs the organization requires", () => {
    const events = [answer(), answer(), ended({ demo: "2.0.0", "demo|local|/packs/demo": "1.2.3" })];
    expect(evaluate(events).packs).to.deep.equal([
      { name: "demo", version: "2.0.0", isRequired: true },
      { name: "demo", version: "1.2.3" },
    ]);
    const own = "s3-public-access-block";
    const required = [{ [own]: "1" }, { [`${own}|local|/p`]: "1" }, { demo: "1" }, {}];
    expect(required.map((packs) => isRequired(read([ended(packs)])))).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });

  it("refuses exceptions that it can't read", () => {
    for (const exceptions of ["site", [null], [{}]]) {
      expect(() => evaluate([violation({ exceptions }), answer(), ended()])).to.throw(UnreadableError);
    }
  });

  it("has the findings with the places of their resources, blocking ones first, then in the order of the file", () => {
    const events = [
      violation({ resourceUrn: `${BUCKET}::late`, severity: "high" }),
      violation({ resourceUrn: `${BUCKET}::nowhere` }),
      violation({ enforcementLevel: "advisory", resourceUrn: `${BUCKET}::early`, severity: "" }),
      violation({ resourceUrn: "urn:pulumi:dev::shop::acme:index:Site$aws:s3/bucket:Bucket::a::b" }),
      answer(),
      ended(),
    ];
    const made = { op: "create", changes: [], after: stateOf() };
    const steps = [
      { urn: `${BUCKET}::late`, ...made, frames: [at(30)] },
      { urn: `${BUCKET}::early`, ...made, frames: [at(1)] },
      { urn: "urn:pulumi:dev::shop::acme:index:Site$aws:s3/bucket:Bucket::a::b", ...made, frames: [at(4)] },
    ];
    const common = { pack: "demo", policy: "no-open-bucket", type: "aws:s3/bucket:Bucket" };
    const text = { message: "open", problem: "open", kind: "violation" };
    const place = (line: number) => ({ position: { file: "verdict.unit.test.ts", line, column: 1 } });
    expect(evaluate(events, { exitCode: 1, steps })).to.deep.equal({
      stack: "dev",
      verdict: "blocked",
      problems: [],
      notes: [],
      packs: [{ name: "demo", version: "1.2.3" }],
      policies: [],
      findings: [
        {
          ...{ ...common, ...text, ...place(4), name: "a::b", blocks: true },
          urn: "urn:pulumi:dev::shop::acme:index:Site$aws:s3/bucket:Bucket::a::b",
        },
        {
          ...common,
          ...text,
          ...place(30),
          urn: `${BUCKET}::late`,
          name: "late",
          blocks: true,
          severity: "high",
        },
        { ...common, ...text, urn: `${BUCKET}::nowhere`, name: "nowhere", blocks: true },
        { ...common, ...text, ...place(1), urn: `${BUCKET}::early`, name: "early", blocks: false },
      ],
      remediations: [],
      manifest: "Pulumi.yaml",
    });
  });

  it("has each policy that was evaluated once, whatever it was asked about", () => {
    const list = (passed: string[], failed: string[]) => ({ policyPackName: "demo", passed, failed });
    const events = [
      { policyAnalyzeSummaryEvent: list(["flags"], []) },
      { policyAnalyzeSummaryEvent: list([], ["flags"]) },
      { policyAnalyzeStackSummaryEvent: list(["bucket"], ["flags"]) },
      ended(),
    ];
    expect(evaluate(events).policies).to.deep.equal([
      { pack: "demo", policy: "bucket" },
      { pack: "demo", policy: "flags" },
    ]);
  });

  it("tells that a policy remediated a resource, and nothing of the values", () => {
    const event = {
      policyRemediationEvent: {
        ...{ resourceUrn: `${BUCKET}::data`, policyName: "flags", policyPackName: "demo" },
        before: { token: "hunter2" },
        after: { token: "hunter3" },
      },
    };
    expect(evaluate([event, answer(), ended()]).remediations).to.deep.equal([
      { pack: "demo", policy: "flags", urn: `${BUCKET}::data`, type: "aws:s3/bucket:Bucket", name: "data" },
    ]);
  });

  it("calls nothing exempt that blocks", () => {
    const [finding] = evaluate([violation({ message: "Exempt: says who?" }), answer(), ended()]).findings;
    expect(finding?.kind).to.equal("violation");
  });

  it("reads no meaning out of the resource's name", () => {
    const kindOf = (name: string): string | undefined => {
      const message = `Bucket '${name}' is open.`;
      const event = violation({ message, enforcementLevel: "advisory", resourceUrn: `${BUCKET}::${name}` });
      return evaluate([event, answer(), ended()]).findings[0]?.kind;
    };
    const names = [
      "can't be verified",
      "x can't be verified: y",
      "x\nExempt: y",
      "can't run policy p during preview",
    ];
    expect(names.map(kindOf)).to.deep.equal(names.map(() => "violation"));
  });

  it("reads the kind of a message of its own pack from the first words alone", () => {
    const kinds = [
      "Exempt until 2027-03-31: static site\nBucket 'a' is open",
      "Unverified: The ACL of 'a' can't be evaluated: it is not known yet.",
      "can't run policy 'p' from policy pack 'own@v1' during preview: string value at .arn can't be known",
      "Bucket 'x\nExempt: y' is open",
      "Bucket 'a' is open:\n  blockPublicAcls can't be verified",
    ].map((message) => {
      const event = violation({ message, enforcementLevel: "advisory", policyPackName: OWN });
      return evaluate([event, answer(), ended()]).findings[0]?.kind;
    });
    expect(kinds).to.deep.equal(["exempt", "unverified", "unverified", "violation", "violation"]);
  });

  it("calls nothing unverified that blocks, whatever its words or names are", () => {
    const events = ["One flag is false, one can't be verified.", "Bucket 'can't be verified' is open."].map(
      (message) => violation({ message }),
    );
    const { findings } = evaluate([...events, answer(), ended()], { exitCode: 1 });
    expect(findings.map(({ blocks, kind }) => [blocks, kind])).to.deep.equal([
      [true, "violation"],
      [true, "violation"],
    ]);
  });

  it("of an unknown enforcement level is not reported", () => {
    expect(() => evaluate([violation({ enforcementLevel: "fatal" }), answer(), ended()])).to.throw(
      UnreadableError,
    );
  });
});

describe("the verdict", () => {
  it("is passed when every pack evaluated the stack and nothing blocks", () => {
    const advisory = violation({ enforcementLevel: "advisory" });
    expect(verdictOf([answer(), ended()])).to.deep.equal(["passed"]);
    expect(verdictOf([advisory, answer(), ended()])).to.deep.equal(["passed"]);
  });

  it("is blocked by one mandatory violation, even if the CLI should call the preview a success", () => {
    expect(verdictOf([violation(), answer(), ended()], { exitCode: 1 })).to.deep.equal(["blocked"]);
    expect(verdictOf([violation(), answer(), ended()], { exitCode: 0 })).to.deep.equal(["blocked"]);
  });

  it("is failed when the preview failed and no policy is the reason", () => {
    expect(verdictOf([answer(), ended()], { exitCode: 255 })).to.deep.equal([
      "failed",
      "pulumi preview failed with exit code 255, and not because of a policy",
    ]);
  });

  it("is failed when the program broke off after a violation: the stack as a whole was not evaluated", () => {
    expect(verdictOf([violation(), ended()], { exitCode: 1 })).to.deep.equal([
      "failed",
      "the policy pack demo did not evaluate the stack",
    ]);
  });

  it("is failed when no pack was loaded, whatever the exit code", () => {
    expect(verdictOf([ended({})])).to.deep.equal(["failed", "1 of 1 policy packs did not run"]);
  });

  it("is failed when one of two packs did not evaluate the stack", () => {
    const both = { "demo|local|/a": "1", "other|local|/b": "1" };
    expect(verdictOf([answer(), ended(both)], { asked: 2 })).to.deep.equal([
      "failed",
      "the policy pack other did not evaluate the stack",
    ]);
    expect(verdictOf([answer(), answer("other"), ended(both)], { asked: 2 })).to.deep.equal(["passed"]);
  });

  it("wants an answer from each of two packs that have the same name", () => {
    const twins = { "demo|local|/a": "1", "demo|local|/b": "1" };
    expect(verdictOf([answer(), ended(twins)], { asked: 2 })).to.deep.equal([
      "failed",
      "the policy pack demo did not evaluate the stack",
    ]);
  });

  it("does not take an organization's required pack for the one that was asked for", () => {
    expect(verdictOf([answer("required"), ended({ required: "v1" })])).to.deep.equal([
      "failed",
      "1 of 1 policy packs did not run",
    ]);
  });

  it("is failed when an organization's required pack did not evaluate the stack", () => {
    expect(verdictOf([answer(), ended({ "demo|local|/a": "1", required: "v1" })])).to.deep.equal([
      "failed",
      "the policy pack required did not evaluate the stack",
    ]);
  });

  it("is failed when the preview has no summary", () => {
    expect(verdictOf([answer()])).to.deep.equal([
      "failed",
      "1 of 1 policy packs did not run",
      "the preview ended early: it has no summary",
    ]);
  });
});
