import { config as chai, expect } from "chai";
import fc from "fast-check";
import { evaluate, type Found } from "../evaluate";
import { UNKNOWN } from "../../../policypack/lib/values";
import { scopeOf } from "../../../policypack/adapters/functions";
import { expected, models, ROADS, type Dice } from "./model";
import { template } from "../resources";
import { parameters, SEED, TALLIES } from "../runs";

chai.truncateThreshold = 0;

/** The level, the policy, and the number in the name of the resource: that of the bucket or of the block. */
function entries(found: readonly Found[]): string[] {
  return found
    .filter(({ policy }) => policy !== "s3-public-access-block-skip-destroy")
    .map(({ policy, level, urn }) => {
      const name = urn.replace(/#.*/, "");
      return `${level} ${policy} ${/(\d+)$/.exec(name)?.[1] ?? name}`;
    })
    .sort();
}

describe(`A bucket by each road (seed ${SEED}; FC_SEED=${SEED} replays it)`, () => {
  const run = fc.tuple(models, fc.infiniteStream(fc.nat(999)));
  const thrown =
    (numbers: Iterator<number>): Dice =>
    (sides) =>
      (numbers.next().value as number) % sides;

  for (const road of ROADS)
    it(`is found to be what the oracle says of it, by ${road.name}, in 100 models`, () => {
      const tally = { none: 0, open: 0, all: 0 };
      const property = fc.property(run, ([model, numbers]) => {
        const within = road.within(model);
        const wanted = expected(within);
        tally.all += within.buckets.length;
        tally.open += wanted.filter((each) => each.startsWith("mandatory s3-bucket-")).length;
        if (wanted.length === 0) tally.none += 1;
        expect(entries(evaluate(road.render(within, thrown(numbers))))).to.deep.equal(wanted);
      });
      fc.assert(property, parameters(100));
      // A property over models that all come out alike proves little.
      if (!TALLIES) return;
      expect(tally.open / tally.all).to.be.within(0.2, 0.9);
      expect(tally.none, "models without a finding").to.be.at.least(3);
    });
});

/** Texts and lists that depend on the conditions A, B and C in all ways that functions know. */
const { text, list } = fc.letrec<{ text: unknown; element: unknown; list: unknown }>((tie) => {
  const choice = (yes: fc.Arbitrary<unknown>, no: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.tuple(fc.constantFrom("A", "B", "C"), yes, no).map((all) => ({ "Fn::If": all }));
  const call = (name: string, first: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.tuple(first, tie("list")).map((all) => ({ [name]: all }));
  const words = ["true", "true", "false", "*", "Allow", "Deny", "Deny", "vpce-1", "tr", "ue"];
  const texts = fc.array(tie("element"), { minLength: 1, maxLength: 3 });
  return {
    text: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom<unknown>(...words),
      choice(tie("text"), tie("text")),
      call("Fn::Select", fc.oneof(fc.nat(2), choice(fc.constant(0), fc.constant(1)))),
      call("Fn::Join", fc.constantFrom("", ",")),
    ),
    element: fc.oneof(tie("text"), choice(tie("text"), fc.constant({ Ref: "AWS::NoValue" }))),
    list: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      texts,
      texts.map((all) => ({ "Fn::Split": [",", { "Fn::Join": [",", all] }] })),
      choice(tie("list"), tie("list")),
    ),
  };
});

describe(`A template with conditions that nobody knows (seed ${SEED})`, () => {
  const conditions = fc.tuple(text, text).map((both) => ({ "Fn::Equals": both }));
  const rest = { IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
  const bucket = text.map((BlockPublicAcls) => ({
    Type: "AWS::S3::Bucket",
    Properties: { PublicAccessBlockConfiguration: { BlockPublicAcls, ...rest } },
  }));
  const statement = fc.record({
    Effect: fc.oneof(fc.constant("Allow"), text),
    Principal: fc.oneof(fc.constant("*"), fc.record({ AWS: fc.oneof(text, list) })),
    Condition: fc.record({ StringEquals: fc.record({ "aws:SourceVpce": fc.oneof(text, list) }) }),
  });
  const maybe = statement.map((it) => ({ "Fn::If": ["A", it, { Ref: "AWS::NoValue" }] }));
  const policy = fc
    .array(fc.oneof(statement, maybe), { minLength: 1, maxLength: 2 })
    .map((all) => ({
      Type: "AWS::S3::BucketPolicy",
      Properties: { PolicyDocument: { Statement: [...all, { Effect: "Deny" }] } },
    }));

  const decide = (at: number): object => ({ "Fn::Equals": [[{ Ref: "AWS::AccountId" }, "1", "2"][at], "1"] });
  const WAYS = [1, 2].flatMap((A) => [1, 2].map((B) => [A, B] as const));

  it("has a value that each way to decide them comes to, or an unknown one, in 2,000 texts and lists", () => {
    const tally = { known: 0, unknown: 0 };
    const valueOf = (node: unknown, C: unknown, A = 0, B = 0): unknown => {
      const all = { Conditions: { A: decide(A), B: decide(B), C } };
      return scopeOf(all, { parameters: {}, pseudo: {} }).value(node);
    };
    const property = fc.property(fc.oneof(text, list), conditions, (node, C) => {
      const value = valueOf(node, C);
      const isKnown = ![value].flat(9).includes(UNKNOWN);
      tally[isKnown ? "known" : "unknown"] += 1;
      if (isKnown) for (const way of WAYS) expect(valueOf(node, C, ...way)).to.deep.equal(value);
    });
    fc.assert(property, parameters(2000));
    if (TALLIES) expect(Math.min(tally.known, tally.unknown)).to.be.above(100);
  });

  it("never passes without a word where one way to decide them is found to be open, in 500 templates", () => {
    const tally = { silent: 0, open: 0 };
    const levels = (It: unknown, C: unknown, A = 0, B = 0): string[] => {
      const Conditions = { A: decide(A), B: decide(B), C };
      const stack = template(JSON.stringify({ Conditions, Resources: { It } }));
      // What nobody can read is never made.
      return evaluate([stack]).map(({ level, head }) => (head.includes("can't be read") ? "refused" : level));
    };
    const property = fc.property(fc.oneof(bucket, policy), conditions, (It, C) => {
      const isSilent = levels(It, C).length === 0;
      const isOpen = WAYS.some((way) => levels(It, C, ...way).includes("mandatory"));
      if (isSilent) tally.silent += 1;
      if (isOpen) tally.open += 1;
      expect(isSilent && isOpen, JSON.stringify({ It, C })).to.equal(false);
    });
    fc.assert(property, parameters(500));
    if (TALLIES) expect(Math.min(tally.silent, tally.open)).to.be.above(20);
  });
});
