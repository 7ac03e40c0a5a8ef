import { expect } from "chai";
import type { Json } from "../../../cli/preview/output";
import {
  limitsOf,
  unevaluated as unevaluatedIn,
  withUnevaluated,
  type Limits,
} from "../../../cli/preview/unevaluated";
import { policies } from "../../../policypack/policies";
import { blocked, clean, violation } from "../report/builders";
import { events } from "./log";

const OWN = "s3-public-access-block";
const BUCKET = "s3-bucket-public-access-block";
const RESOURCE_POLICIES = policies.map(({ name }) => name).filter((name) => name !== BUCKET);
const STACK_POLICIES = policies.filter(({ evaluates }) => evaluates === "stack").map(({ name }) => name);
const NONE: Limits = { targets: [], excludes: [] };
const URN = "urn:pulumi:dev::shop::";
const unevaluated = (log: readonly Json[], limits: Limits) => unevaluatedIn(events(log), limits);

const stackAnswer = (lists: object, policyPackName = OWN): Json => ({
  policyAnalyzeStackSummaryEvent: { policyPackName, ...lists },
});
const resourceAnswer = (passed: string[] | undefined, policyPackName = OWN): Json => ({
  policyRemediateSummaryEvent: { policyPackName, ...(passed === undefined ? {} : { passed }) },
});
const step = (op: string, name: string, old: object = { custom: true, id: "i-1" }): Json => ({
  resourcePreEvent: { metadata: { op, urn: `${URN}${name}`, old } },
});
const whole = [resourceAnswer(RESOURCE_POLICIES), stackAnswer({ passed: [BUCKET] })];
const base = [
  step("create", "pulumi:pulumi:Stack::shop-dev", {}),
  step("create", "pulumi:providers:aws::default"),
];
const NEW = { custom: true, id: "" };

const bucketOff = `${BUCKET} is disabled in the policy pack's configuration, so no bucket was evaluated`;
const nothing = { notes: [], reasons: [] };

describe("the policies that were off", () => {
  it("are none where each has a result, passed or failed", () => {
    expect(unevaluated(whole, NONE)).to.deep.equal(nothing);
    const failed = [resourceAnswer(RESOURCE_POLICIES), stackAnswer({ failed: [BUCKET] })];
    expect(unevaluated(failed, NONE)).to.deep.equal(nothing);
  });

  it("leave nothing to pass when the one of the buckets is among them", () => {
    expect(unevaluated([resourceAnswer(RESOURCE_POLICIES), stackAnswer({})], NONE)).to.deep.equal({
      notes: [bucketOff],
      reasons: [bucketOff],
    });
  });

  it("are each told, those of resources also where the engine has no list of them at all", () => {
    const each = RESOURCE_POLICIES.map((name) => `${name} is disabled in the policy pack's configuration`);
    const { notes, reasons } = unevaluated([resourceAnswer(undefined), stackAnswer({})], NONE);
    expect([[...notes].sort(), reasons]).to.deep.equal([[bucketOff, ...each].sort(), [bucketOff]]);
  });

  it("aren't guessed where the engine doesn't tell of resource policies", () => {
    expect(unevaluated([stackAnswer({ passed: STACK_POLICIES })], NONE)).to.deep.equal(nothing);
  });

  it("don't count the one of the buckets when a second pack of this name evaluated them, and say so", () => {
    expect(unevaluated([...whole, stackAnswer({})], NONE)).to.deep.equal({
      notes: [`${BUCKET} is disabled in 1 of the 2 policy packs ${OWN}`],
      reasons: [],
    });
  });

  it("are all of another pack, which is told and doesn't stop a pass", () => {
    const other = [resourceAnswer(undefined, "demo"), stackAnswer({}, "demo")];
    expect(unevaluated([...whole, ...other], NONE)).to.deep.equal({
      notes: ["the policy pack demo evaluated nothing: each of its policies is disabled"],
      reasons: [],
    });
    expect(unevaluated([resourceAnswer(["x"], "demo"), stackAnswer({}, "demo")], NONE)).to.deep.equal(
      nothing,
    );
  });
});

describe("a preview", () => {
  it("is of nothing when no resource is targeted, be the stack new or deployed", () => {
    const note = "the preview was of nothing (--target '**none'): every resource of the program was left out";
    for (const old of [NEW, { custom: true, id: "i-1" }]) {
      const events = [...whole, ...base, step("same", "aws:s3/bucket:Bucket::data", old)];
      expect(unevaluated(events, { targets: ["**none"], excludes: [] })).to.deep.equal({
        notes: [note],
        reasons: [note],
      });
    }
  });

  it("is of nothing when every resource is excluded", () => {
    const note = "the preview was of nothing (--exclude '**'): every resource of the program was left out";
    const events = [...whole, ...base, step("same", "aws:s3/bucket:Bucket::data")];
    expect(unevaluated(events, { targets: [], excludes: ["**"] })).to.deep.equal({
      notes: [note],
      reasons: [note],
    });
  });

  it("is partial when some are, which is told and can pass", () => {
    const events = [
      ...[
        ...whole,
        ...base,
        step("same", "aws:s3/bucket:Bucket::a.b"),
        step("same", "aws:s3/bucket:Bucket::axb", NEW),
      ],
    ];
    expect(
      unevaluated(events, { targets: [`${URN}aws:*:Bucket::a.b`, "other"], excludes: [] }),
    ).to.deep.equal({
      notes: [
        `the preview was partial (--target '${URN}aws:*:Bucket::a.b' --target 'other'): what it left out was not evaluated as ` +
          "the program would make it",
      ],
      reasons: [],
    });
  });

  it("is partial where the engine left a new resource out, whatever made it do so", () => {
    const events = [
      ...[
        ...whole,
        ...base,
        step("create", "aws:s3/bucket:Bucket::a"),
        step("same", "aws:s3/bucket:Bucket::b", NEW),
      ],
    ];
    expect(unevaluated(events, NONE).notes).to.deep.equal([
      "the preview was partial: what it left out was not evaluated as the program would make it",
    ]);
  });

  it("is whole when nothing changes and nothing limits it, or when there is nothing in the program", () => {
    const component = step("same", "acme:index:Site::site", { id: "" });
    const events = [...whole, ...base, step("same", "aws:s3/bucket:Bucket::data"), component];
    expect(unevaluated(events, NONE)).to.deep.equal(nothing);
    expect(unevaluated([...whole, ...base], { targets: [], excludes: ["**"] }).reasons).to.deep.equal([]);
  });
});

describe("the limits of a preview", () => {
  const of = (args: string, env: NodeJS.ProcessEnv = {}): Limits =>
    limitsOf(args === "" ? [] : args.split(" "), env);

  for (const [args, targets, excludes] of [
    ["", [], []],
    ["--diff --parallel 4 --target-dependents --exclude-dependents --refresh=false -r", [], []],
    ["--target a --target=b -t c -td -t=e -dtf -Qrt g", ["a", "b", "c", "d", "e", "f", "g"], []],
    ["--target-replace a --target b", ["b", "a"], []],
    ["--exclude a -x b -xc", [], ["a", "b", "c"]],
    ["--message --target --config -t --replace -tx -m -x", [], []],
    ["--target=", [""], []],
  ] as [string, string[], string[]][]) {
    it(`are read from the arguments: ${args || "none"}`, () => {
      expect(of(args)).to.deep.equal({ targets, excludes });
    });
  }

  it("are read from the variables that the CLI takes for a flag, as a list, unless the flag is there", () => {
    const env = {
      PULUMI_OPTION_TARGET: '**a,"b,""c"""',
      PULUMI_OPTION_TARGET_REPLACE: "r",
      PULUMI_OPTION_EXCLUDE: "**",
    };
    expect(of("", env)).to.deep.equal({ targets: ["**a", 'b,"c"', "r"], excludes: ["**"] });
    expect(of("-t x", env).targets).to.deep.equal(["x", "r"]);
    expect(of("", { PULUMI_OPTION_TARGET: "" })).to.deep.equal(NONE);
  });
});

describe("a pass of which something was not evaluated", () => {
  const found = { notes: ["off", "partial"], reasons: ["off"] };

  it("isn't a verdict, and says how to accept it", () => {
    expect(withUnevaluated(clean(), found, false)).to.deep.equal({
      ...clean(),
      verdict: "failed",
      problems: ["off; to accept that, give --accept-unevaluated"],
      notes: ["partial"],
    });
  });

  it("is a pass that says so when the user accepts it, or when there was something to evaluate", () => {
    expect(withUnevaluated(clean(), found, true)).to.deep.equal({ ...clean(), notes: found.notes });
    const partial = { notes: ["partial"], reasons: [] };
    expect(withUnevaluated(clean(), partial, false)).to.deep.equal({ ...clean(), notes: ["partial"] });
  });

  it("takes nothing from a preview that is blocked", () => {
    const report = blocked([violation()]);
    expect(withUnevaluated(report, found, false)).to.deep.equal({ ...report, notes: found.notes });
  });
});
