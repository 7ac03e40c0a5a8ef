import type { Resource } from "../../engine/resource";
import type { Finding } from "../../sdk/definition";
import { FLAGS, gapLines } from "../../shared/flags";
import { identifierIn, listOf } from "../../shared/phrases";
import { knowsSkipDestroy } from "../../shared/skip-destroy";
import { nameIn, typeIn } from "../../shared/urn";
import { NATIVE_BUCKET } from "./resources";
import type * as rule from "./rule";

/** What is said of a bucket that is open, or may not stay locked. */
export function toFinding(
  bucket: rule.Bucket,
  failure: rule.Failure,
  resource: Resource | undefined,
): Finding {
  if (failure.kind === "shared") return shared(bucket, failure.blocks, resource);
  const lines = failure.kind === "weak" ? weak(bucket, failure.blocks) : missing(bucket, failure, resource);
  return {
    urn: bucket.urn,
    message: `Bucket '${nameIn(bucket.urn)}' can be opened to the public: ${lines.join("\n")}`,
  };
}

/** Locked, so that it is no more than a note. */
function shared(
  { urn }: rule.Bucket,
  blocks: readonly rule.Block[],
  resource: Resource | undefined,
): Finding {
  const lines = [
    `Bucket '${nameIn(urn)}' has more than one public access block: ${listOf(blocks)}.`,
    "In S3 they are one: when one of them leaves the program, the bucket is open.",
    ...(knowsSkipDestroy(resource?.provider)
      ? ["To keep only one, first set in the others, and deploy", "      skipDestroy: true,"]
      : ["To keep only one, first take the others out of the state: pulumi state delete URN"]),
  ];
  return { urn, message: lines.join("\n"), isNote: true };
}

function weak(bucket: rule.Bucket, blocks: readonly rule.Block[]): string[] {
  const isInline = blocks.length === 1 && blocks[0]?.urn === bucket.urn;
  const which = isInline ? "its publicAccessBlockConfiguration" : `public access block ${listOf(blocks)}`;
  return [
    `${which} ${blocks.length === 1 ? "doesn't" : "don't"} have the four flags on.`,
    ...blocks.flatMap(({ urn, gaps }) => gapLines(urn, gaps)),
  ];
}

function missing(
  bucket: rule.Bucket,
  { unproven, misnamed, leftOut }: rule.Missing,
  resource: Resource | undefined,
): string[] {
  const id = `${identifierIn(bucket.urn)}.id`;
  if (leftOut.length > 0) {
    return [
      `--target or --exclude leaves its public access block ${listOf(leftOut)} out of this run.`,
      "With --target, add it; with --exclude, name neither it nor a pattern that it matches:",
      ...leftOut.map(({ urn }) => `      --target '${urn}'`),
    ];
  }
  if (unproven.length > 0) {
    return [
      `it can't be verified that public access block ${listOf(unproven)} targets it.`,
      "Name the bucket there, nothing else:",
      `      bucket: ${id},`,
    ];
  }
  if (misnamed.length > 0) {
    return [
      `public access block ${listOf(misnamed)} is made from it, and targets another name.`,
      "If it is for this bucket:",
      `      bucket: ${id},`,
    ];
  }
  const isNative = typeIn(bucket.urn) === NATIVE_BUCKET;
  const [head, ...rest] = isNative
    ? ["publicAccessBlockConfiguration: {"]
    : [`new aws.s3.BucketPublicAccessBlock("${nameIn(bucket.urn)}AccessBlock", {`, `    bucket: ${id},`];
  const lines = [
    head,
    ...rest,
    ...FLAGS.map((flag) => `    ${flag}: true,`),
    ...(!isNative && knowsSkipDestroy(resource?.provider) ? ["    skipDestroy: true,"] : []),
    isNative ? "}," : "});",
  ];
  const isMade = isNative || typeof resource?.read("id") === "string";
  return [
    "no public access block targets it.",
    // The engine isn't told of it, so that nothing but the bucket's own state hints at it.
    ...(isMade
      ? []
      : ["A block that is made inside apply isn't seen before the bucket exists: make it outside."]),
    "Add one:",
    ...lines.map((line) => `      ${line}`),
  ];
}
