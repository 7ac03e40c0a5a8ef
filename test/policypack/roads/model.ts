import fc from "fast-check";
import { UNKNOWN } from "../../../policypack/shared/values";
import { evaluate, type Block, type Named, type Stack } from "../oracle";

/*
 * Buckets and what is told of them, in words that no road has: a road renders them (render.ts), and the oracle of the
 * bucket rule says what is to be found, whichever road it was.
 */

/** A flag, an ACL or a policy may be known, unknown before the update, or not there. */
export type Maybe<T> = T | typeof UNKNOWN | undefined;
export type Flags = readonly Maybe<boolean>[];
export type Acl = "private" | "public-read" | "public-read-write" | "authenticated-read";

export interface ModelBucket {
  /** Undefined where AWS or the provider gives it one. */
  readonly name: string | undefined;
  readonly acl: Maybe<Acl>;
  readonly policy: Maybe<"public" | "private">;
  /** The block inside of the bucket. */
  readonly inside: Flags | undefined;
  /** Whether nothing of the bucket is known before the update, where a road has such a thing. */
  readonly isHidden: boolean;
}

/** A block beside the buckets. */
export interface ModelBlock {
  readonly flags: Flags;
  /** The place of a bucket in the list. */
  readonly bucket: number;
  /** By a reference, by the bucket's name written out, or by a name that no bucket has. */
  readonly way: "reference" | "name" | "other";
}

export interface Model {
  readonly buckets: readonly ModelBucket[];
  readonly blocks: readonly ModelBlock[];
}

const ALL: Flags = [true, true, true, true];
const flag = fc.constantFrom<Maybe<boolean>>(true, true, false, UNKNOWN, undefined);
const flags: fc.Arbitrary<Flags> = fc.oneof(
  { weight: 7, arbitrary: fc.constant(ALL) },
  fc.tuple(fc.nat(3), flag).map(([at, value]) => ALL.with(at, value)),
  fc.tuple(flag, flag, flag, flag),
);
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, arbitrary);

export const models: fc.Arbitrary<Model> = fc
  .record({
    buckets: fc.array(
      fc.record({
        isNamed: fc.boolean(),
        acl: seldom(
          fc.constantFrom<Maybe<Acl>>(
            ...(["private", "public-read", "public-read-write", "authenticated-read", UNKNOWN] as const),
          ),
        ),
        policy: seldom(fc.constantFrom<Maybe<"public" | "private">>("public", "private", UNKNOWN)),
        inside: fc.oneof(fc.constant(undefined), flags),
        isHidden: fc.nat(9).map((number) => number === 0),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    blocks: fc.array(
      fc.record({
        flags,
        bucket: fc.nat(1),
        way: fc.constantFrom("reference" as const, "reference" as const, "name" as const, "other" as const),
      }),
      { maxLength: 4 },
    ),
  })
  .map(({ buckets, blocks }) => ({
    buckets: buckets.map(({ isNamed, ...rest }, at) => ({
      ...rest,
      name: isNamed ? `data${at}` : undefined,
    })),
    blocks: blocks.map((block) => ({ ...block, bucket: block.bucket % buckets.length })),
  }));

/** The name that a block gives, as far as it is told; a reference may tell it or not. */
export function nameIn({ buckets }: Model, { bucket, way }: ModelBlock): string | undefined {
  return way === "other" ? "no-bucket" : (buckets[bucket]?.name ?? (way === "name" ? "guessed" : undefined));
}

/** What is to be found: the level, the policy, and the place of the bucket or, of flags, of the block. */
export function expected(model: Model): string[] {
  const verdicts = evaluate(stackOf(model));
  const told = new Set(verdicts.flatMap(([, verdict]) => (verdict && "weak" in verdict ? verdict.weak : [])));
  return [
    ...verdicts.flatMap(([, verdict], at) => {
      if (verdict === undefined) return [];
      return `${"shared" in verdict ? "advisory" : "mandatory"} s3-bucket-public-access-block ${at}`;
    }),
    ...model.buckets.flatMap(({ acl }, at) => found("s3-no-public-acl", at, acl, acl === "private")),
    ...model.buckets.flatMap(({ policy }, at) =>
      found("s3-no-public-bucket-policy", at, policy, policy === "private"),
    ),
    ...model.blocks.flatMap(({ flags: given }, at) =>
      given.every((each) => each === true) || told.has(`block${at}`)
        ? []
        : [`mandatory s3-public-access-block-flags ${at}`],
    ),
  ].sort();
}

function found(policy: string, at: number, value: unknown, isPrivate: boolean): string[] {
  if (value === undefined || isPrivate) return [];
  return [`${value === UNKNOWN ? "advisory" : "mandatory"} ${policy} ${at}`];
}

function stackOf(model: Model): Stack {
  const scope = { provider: "default", partition: "aws" };
  const buckets = model.buckets.map(({ name }, at): Named => ({
    urn: `bucket${at}`,
    name: name ?? UNKNOWN,
    from: [],
    scope,
    isSettled: true,
  }));
  const inside = buckets.flatMap((bucket, at): Block[] => {
    const given = model.buckets[at]?.inside;
    if (given === undefined) return [];
    const own = { name: UNKNOWN, from: [bucket.urn], flags: given, isSettled: false };
    return [{ ...bucket, ...own, inThisRun: true, staysOn: false }];
  });
  const beside = model.blocks.map((block, at): Block => {
    const from = block.way === "reference" ? [`bucket${block.bucket}`] : [];
    const rest = { scope, flags: block.flags, isSettled: true, inThisRun: true, staysOn: true };
    return { urn: `block${at}`, name: nameIn(model, block) ?? UNKNOWN, from, ...rest };
  });
  return { buckets, companions: [], blocks: [...inside, ...beside] };
}
