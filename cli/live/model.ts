import { capitalized, FLAGS } from "../../policypack/face";
import type { Live, LiveWord } from "../report/report";

/* Compares a bucket in S3 with the program. Pure: s3.ts asks S3. */

/** A bucket of a state, as S3 can be asked for it. Facts that the state lacks are undefined. */
export interface Target {
  readonly name: string | undefined;
  readonly region: string | undefined;
  readonly account: string | undefined;
  /** The partition of AWS, or the address of another S3. */
  readonly partition: string | undefined;
}

/** A fact, or why it isn't known. Not of a class: each bundle would have its own. */
export type Known<Fact> = Fact | { readonly reason: string };

export function isNotKnown(fact: unknown): fact is { readonly reason: string } {
  return typeof fact === "object" && fact !== null && "reason" in fact;
}

/** The flags of a public access block that are off; "none" where there is no block, which has all of them off. */
export type Off = readonly string[] | "none";

export interface Answer {
  readonly account: string;
  readonly region: string;
  readonly bucket: Off;
  /** The account's own block. It counts for the bucket, flag by flag. */
  readonly ofAccount: Known<Off>;
  /** Whether AWS calls the bucket's policy public, and whether an ACL grants anything to everyone. */
  readonly isPolicyPublic: Known<boolean>;
  readonly isAclPublic: Known<boolean>;
}

/** The flags of S3's answer that are off. Only `true` is on. */
export function offIn(block: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return FLAGS.filter((flag) => block?.[capitalized(flag)] !== true);
}

/** The flags that neither has on. An account's that isn't known has none. */
export function leftOff(bucket: Off, ofAccount: Known<Off>): readonly string[] {
  const list = (off: Known<Off>): readonly string[] => (isNotKnown(off) || off === "none" ? FLAGS : off);
  return list(bucket).filter((flag) => list(ofAccount).includes(flag));
}

/** Whether the block locks the bucket by itself. */
export function isLocked(bucket: Off): boolean {
  return bucket !== "none" && bucket.length === 0;
}

/**
 * LOCKED     the bucket's own block has the four flags on, and AWS doesn't call its policy public
 * COVERED    so do it and the account's block together
 * NOT KNOWN  what it would rest on can't be read
 * OPEN       all else; drifted where the program locks it
 * @param program whether the bucket's program locks it; undefined for a bucket of no program
 */
export function judged(program: boolean | undefined, answer: Known<Answer>): Live {
  if (isNotKnown(answer)) return { word: "not known", details: [answer.reason] };
  const { account, region, bucket, ofAccount, isPolicyPublic, isAclPublic } = answer;
  const said = (word: LiveWord, details: readonly string[]): Live => ({ word, details, account, region });
  const own = isLocked(bucket);
  const left = leftOff(bucket, ofAccount);
  if (left.length === 0 && isNotKnown(isPolicyPublic)) return said("not known", [isPolicyPublic.reason]);
  const isHeld = !left.includes("restrictPublicBuckets");
  const fact = (known: Known<boolean>, what: string, words: string): string | false =>
    isNotKnown(known) ? `${what} is not known: ${known.reason}` : known && words;
  const isCovered = isNotKnown(ofAccount) ? ofAccount : left.length === 0;
  const details = [
    bucket === "none" ? "no public access block" : !own && `off: ${bucket.join(", ")}`,
    !own && fact(isCovered, "the account's block", "the account's block covers it"),
    fact(isPolicyPublic, "its policy", isHeld ? "a flag holds its public policy back" : "public now by its policy"),
    fact(isAclPublic, "its ACL", "public now by its ACL"),
  ].filter((each) => each !== false);
  if (left.length > 0 || isPolicyPublic !== false) return said(program === true ? "drifted" : "open", details);
  return said(!own ? "covered by the account" : program === false ? "locked by hand" : "locked", details);
}
