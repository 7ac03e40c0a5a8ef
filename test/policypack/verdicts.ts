/*
 * What the pack decides for every way to write a bucket and its block, at a first preview, at the end of the update, and
 * at a later preview. The buckets are those of test/programs/verdicts; docs/verdicts.md shows this table.
 */

export type Verdict = "locked" | "locked, with a note" | "no block" | "unproven" | "another name" | "weak";

export interface Row {
  /** The bucket's logical name in test/programs/verdicts. */
  bucket: string;
  /** How the program writes it. */
  written: string;
  first: Verdict;
  update: Verdict;
  later: Verdict;
  why: string;
}

const row = (
  bucket: string,
  written: string,
  verdicts: Verdict | [Verdict, Verdict, Verdict],
  why: string,
): Row => {
  const [first, update, later] = typeof verdicts === "string" ? [verdicts, verdicts, verdicts] : verdicts;
  return { bucket, written, first, update, later, why };
};

export const TABLE: Record<string, Row[]> = {
  "How the block names the bucket": [
    row(
      "by-id",
      "`bucket: data.id`",
      "locked",
      "Unknown at first, but from this bucket alone; later the bucket's name.",
    ),
    row("by-bucket", "`bucket: data.bucket`", "locked", "Known from the start."),
    row("by-literal", "A literal equal to the bucket's name", "locked", "Equal names are one bucket."),
    row("through-component", "A component's output", "locked", "It comes from the bucket inside alone."),
    row("through-stack-reference", "A stack reference's output", "locked", "Known, and equal."),
    row(
      "through-policy",
      "`bucket: policy.bucket`, of a policy on the bucket",
      "locked",
      "A resource of a bucket passes its name on.",
    ),
    row(
      "through-logging",
      "`bucket: logging.targetBucket`, which is another bucket",
      ["unproven", "another name", "another name"],
      "The engine shows it as it shows `logging.bucket`.",
    ),
    row(
      "through-logging-source",
      "`bucket: logging.bucket` of the same",
      ["unproven", "locked", "locked"],
      "At first it may be the bucket of the logs.",
    ),
    row(
      "apply-on-several",
      "`all([data.id, other.id]).apply(…)`",
      ["unproven", "locked", "locked"],
      "At first it may be either.",
    ),
    row(
      "apply-with-one-that-is-read",
      "The same, on a bucket that is only read",
      ["unproven", "another name", "another name"],
      "At first it may be either.",
    ),
    row(
      "built-from-id",
      "`${data.id}-logs`",
      ["locked", "another name", "another name"],
      "At first the engine shows it as it shows `data.id`.",
    ),
    row("built-from-bucket", "`${data.bucket}-logs`", "another name", "Known, and not equal."),
    row("by-arn", "`bucket: data.arn`", ["locked", "another name", "another name"], "As `${data.id}-logs`."),
    row(
      "by-domain-name",
      "`bucket: data.bucketDomainName`",
      ["locked", "another name", "another name"],
      "As `${data.id}-logs`.",
    ),
    row("no-block", "No block", "no block", "Nothing protects it."),
  ],
  Names: [
    row("alike-prefix", "The name with a suffix", "no block", "Only equal names are equal."),
    row("alike-case", "With a capital letter", "no block", "The same."),
    row("alike-dot", "With dots for dashes", "no block", "The same."),
    row("alike-space", "With a trailing space", "no block", "The same."),
    row("alike-letter", "With a look-alike letter", "no block", "The same."),
    ...["constructor", "__proto__", "a::b", "a$b", "名前"].map((name, index) =>
      row(name, `${index === 0 ? "The logical name " : ""}\`${name}\``, "locked", "Any name will do."),
    ),
    row(
      "bucket-prefix-by-id",
      "`bucketPrefix`, block on `data.id`",
      "locked",
      "As `data.id` and `data.bucket`.",
    ),
    row("bucket-prefix-by-bucket", "`bucketPrefix`, block on `data.bucket`", "locked", "The same."),
    row(
      "shared-random-name",
      "Bucket and block both named by a random resource",
      ["unproven", "locked", "locked"],
      "At first nothing shows that they are equal.",
    ),
  ],
  "Types, and what is only read": [
    row("old-type", "`BucketV2` with a block", "locked", "Evaluated as `Bucket`."),
    row("old-type-no-block", "`BucketV2` without", "no block", "Evaluated as `Bucket`."),
    row("bucket-that-is-read", "`Bucket.get(…)`", "locked", "Not the stack's: not evaluated."),
    row(
      "block-that-is-read",
      "`BucketPublicAccessBlock.get(…)` for the bucket",
      "no block",
      "It can go at any time.",
    ),
  ],
  "What doesn't tie a block to a bucket": [
    row("depends-on", "`dependsOn` the bucket, and on another", "no block", "An order, not a target."),
    row("parent", "`parent` is the bucket, and on another", "no block", "A place in the tree, not a target."),
    row(
      "another-property",
      "Another property comes from the bucket",
      "no block",
      "Only `bucket` names the target.",
    ),
    row(
      "transitive",
      "On something that depends on the bucket",
      "no block",
      "Only a bucket's own resources pass its name on.",
    ),
    row(
      "siblings",
      "In the bucket's component, and on another",
      "no block",
      "A place in the tree, not a target.",
    ),
  ],
  "Providers, regions and partitions": [
    row(
      "both-in-another-region",
      "Bucket and block by one explicit provider",
      "locked",
      "As by the default provider.",
    ),
    row(
      "block-in-another-region",
      "Equal names, the block's provider in another region",
      "locked",
      "A name is unique in its partition, not in its region.",
    ),
    row("region-argument", "Equal names, the block with another `region`", "locked", "The same."),
    row(
      "block-in-another-partition",
      "Equal names, the block in another partition",
      "no block",
      "Equal names in two partitions are two buckets.",
    ),
    row("reference-in-another-partition", "With `data.id`, too", "no block", "The same."),
    row(
      "both-at-another-endpoint",
      "Both by a provider with another S3 endpoint",
      "locked",
      "As in AWS's own S3.",
    ),
    row(
      "block-at-another-endpoint",
      "Equal names, the block at another S3 endpoint",
      "no block",
      "Equal names at two endpoints are two buckets.",
    ),
    row("reference-at-another-endpoint", "With `data.id`, too", "no block", "The same."),
    row(
      "block-at-unknown-endpoint",
      "Equal names, the block's endpoint unknown, and another",
      ["unproven", "no block", "no block"],
      "At first it may be either.",
    ),
    row(
      "unknown-provider",
      "Both by a provider with an unknown region",
      "locked",
      "The inputs are evaluated.",
    ),
    row("unknown-provider-no-block", "The same without a block", "no block", "Nothing protects it."),
    row(
      "block-by-unknown-provider",
      "Equal names, the block's region unknown",
      ["unproven", "locked", "locked"],
      "The partition may be another.",
    ),
    row(
      "reference-by-unknown-provider",
      "`data.id`, the block's region unknown",
      "locked",
      "The name comes from this bucket alone.",
    ),
  ],
  Flags: [
    row("flag-off", "A flag is false", "weak", "It must be on."),
    row("flag-left-out", "A flag is left out", "weak", "Left out means off."),
    row(
      "flag-unknown",
      "A flag that is unknown until the update",
      ["weak", "locked", "locked"],
      "Unknown is not on.",
    ),
    row("flag-secret", "A flag that is a secret true", "locked", "A secret counts as its value."),
    row(
      "flag-ignored",
      "A flag turned on under `ignoreChanges`",
      "weak",
      "The deployed value counts, and that stays off.",
    ),
    row(
      "strong-and-strong",
      "Two blocks, both on",
      "locked, with a note",
      "When one of them goes, S3 has none.",
    ),
    row(
      "strong-and-staying",
      "Two blocks, both on, both with `skipDestroy`",
      "locked",
      "S3 keeps the flags.",
    ),
    row("strong-and-weak", "Two blocks, one with a flag off", "weak", "S3 keeps the last write."),
    row("halves", "Two blocks that have half of the flags on each", "weak", "S3 keeps the last write."),
  ],
};
