import fc from "fast-check";
import { UNKNOWN } from "../../policypack/lib/values";
import type { AccountBlock, Block, Named, Scope, Stack } from "./oracle";

/*
 * Stacks for the rule and its oracle to agree on: a few buckets, what belongs to them, and blocks, each of which mostly
 * has to do with one of the buckets, in one of the ways that programs have or get wrong.
 */

/** Resources that aren't a bucket and belong to none: a name may come from them all the same. */
export const OUTSIDERS = ["random", "object", "only-read"];

const NAMES = ["data", "Data", "dаta" /* a Cyrillic letter */, "data-logs", "constructor", "__proto__", "123456"];
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(...NAMES) },
  { weight: 3, arbitrary: fc.constant(UNKNOWN) },
);
const nameOrNone = fc.oneof({ weight: 9, arbitrary: name }, fc.constant(undefined));

const scope: fc.Arbitrary<Scope> = fc.record({
  provider: fc.constantFrom("default", "explicit", undefined),
  partition: fc.constantFrom("aws", "aws", "aws-cn", undefined),
});
/** Most resources are where the stack is at home. */
const foreign = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, scope);

const isSettled = fc.nat(99).map((number) => number >= 30);

const ON: readonly unknown[] = [true, true, true, true];
const NOT_ON = [false, undefined, null, UNKNOWN, "true", 1, [true], { value: true }];
const flags = fc.oneof(
  { weight: 3, arbitrary: fc.constant(ON) },
  fc.tuple(fc.nat(3), fc.constantFrom<unknown>(...NOT_ON)).map(([at, value]) => ON.with(at, value)),
  fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
);

/** The flags of a block inside the bucket, which buckets of Cloud Control have. */
const inline = fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, flags);

/** How a block, or what else belongs to a bucket, comes by the bucket's name. */
type Way = "id" | "name" | "through" | "derived" | "several" | "literal" | "akin" | "any";
const RIGHT: Way[] = ["id", "name", "through"];
const WRONG: Way[] = ["derived", "several", "literal", "akin", "any"];
/** A few ways a stack: in some stacks all blocks are right, in some all of them go wrong alike. */
const ways = fc.oneof(
  { weight: 3, arbitrary: fc.subarray(RIGHT, { minLength: 1 }) },
  { weight: 2, arbitrary: fc.subarray([...RIGHT, ...WRONG], { minLength: 1, maxLength: 4 }) },
  { weight: 4, arbitrary: fc.constant<Way[]>(["derived"]) },
  { weight: 2, arbitrary: fc.constant<Way[]>(["several", "akin"]) },
);

/** The numbers say which of the things there are. */
const tie = fc.record({
  way: fc.nat(99),
  bucket: fc.nat(99),
  other: fc.nat(99),
  isKnown: fc.boolean(),
  name: nameOrNone,
  outsiders: fc.subarray(OUTSIDERS, { minLength: 1 }),
  anything: fc.array(fc.nat(99), { maxLength: 3 }),
  foreign,
  isSettled,
});
type Tie = typeof tie extends fc.Arbitrary<infer T> ? T : never;

/** Any stack that the rule's function can be given. */
export const stacks: fc.Arbitrary<Stack> = fc
  .record({
    home: scope,
    ways,
    buckets: fc.array(fc.record({ name, from: fc.subarray(OUTSIDERS), foreign, isSettled, inline }), {
      minLength: 1,
      maxLength: 3,
    }),
    companions: fc.array(tie, { maxLength: 3 }),
    blocks: fc.array(
      fc.record({ tie, flags, inThisRun: fc.nat(99).map((number) => number >= 35), staysOn: fc.boolean() }),
      { maxLength: 6, size: "max" },
    ),
    isByName: fc.nat(99).map((number) => number < 5),
    twins: fc.array(fc.tuple(fc.nat(99), flags), { maxLength: 1 }),
  })
  .map(({ home, ways, buckets, companions, blocks, isByName, twins }) => {
    const urnsOf = (kind: string, list: unknown[]): string[] => list.map((_, index) => `${kind}${index}`);
    const named = buckets.map(({ name, from, foreign, isSettled, inline }, index): Named => {
      const urn = `${inline === undefined ? "bucket" : "native"}${index}`;
      return { urn, name, from, isSettled, scope: foreign ?? home };
    });
    // A block inside a bucket has the bucket's URN, and its name from there.
    const inside = named.flatMap((bucket, index): Block[] => {
      const flags = buckets[index]?.inline;
      return flags === undefined
        ? []
        : [{ ...bucket, name: UNKNOWN, from: [bucket.urn], flags, inThisRun: true, staysOn: false }];
    });
    // In some stacks a bucket has one block, by another provider, which shares only its name.
    const [first] = named;
    if (isByName && typeof first?.name === "string" && first.scope.partition !== undefined) {
      const scope = { ...first.scope, provider: first.scope.provider === "explicit" ? "default" : "explicit" };
      const lock = { ...first, scope, urn: "block0", from: [], flags: ON, inThisRun: true, staysOn: true };
      return { buckets: [first], companions: [], blocks: [...inside.filter(({ urn }) => urn === first.urn), lock] };
    }
    const urns = {
      buckets: named.map(({ urn }) => urn),
      belongings: [...urnsOf("companion", companions), ...urnsOf("block", blocks)],
    };
    const tied = (urn: string, tie: Tie): Named => {
      const bucket = pick(named, tie.bucket);
      const name = nameOf(pick(ways, tie.way), tie, bucket, urns);
      return { urn, ...name, isSettled: tie.isSettled, scope: tie.foreign ?? home };
    };
    const made = blocks.map(({ tie, flags, inThisRun, staysOn }, index): Block => {
      return { ...tied(`block${index}`, tie), flags, inThisRun, staysOn };
    });
    // A twin is the same resource told of twice, with other flags.
    const copies = twins.map(([number, flags]) => ({ number, flags }));
    return {
      buckets: named,
      companions: companions.map((tie, index) => tied(`companion${index}`, tie)),
      blocks: [
        ...inside,
        ...made,
        ...(made.length > 0 ? copies.map(({ number, flags }) => ({ ...pick(made, number), flags })) : []),
      ],
    };
  });

/** Blocks for whole accounts, most of which lock the account of a provider. */
export const accountBlocks: fc.Arbitrary<AccountBlock> = fc.record({
  provider: fc.constantFrom("default", "explicit", undefined),
  isNamed: fc.nat(99).map((number) => number < 25),
  flags,
  inThisRun: fc.nat(99).map((number) => number >= 25),
});

function nameOf(
  way: Way,
  tie: Tie,
  bucket: Named,
  urns: { buckets: string[]; belongings: string[] },
): Pick<Named, "name" | "from"> {
  const known = tie.isKnown ? bucket.name : UNKNOWN;
  const all = [...urns.buckets, ...urns.belongings, ...OUTSIDERS];
  const derived = typeof bucket.name === "string" ? `${bucket.name}-logs` : UNKNOWN;
  const byWay: Record<Way, Pick<Named, "name" | "from">> = {
    id: { name: known, from: [bucket.urn] },
    name: { name: bucket.name, from: [bucket.urn] },
    through: { name: known, from: [pick(urns.belongings, tie.other)] },
    derived: { name: derived, from: [bucket.urn] },
    several: { name: known, from: [bucket.urn, pick(all, tie.other)] },
    literal: { name: bucket.name === UNKNOWN ? tie.name : bucket.name, from: [] },
    akin: { name: known, from: tie.outsiders },
    any: { name: tie.name, from: tie.anything.map((number) => pick(all, number)) },
  };
  return byWay[way];
}

function pick<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}
