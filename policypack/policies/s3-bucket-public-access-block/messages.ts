import type { Resource } from "../../engine/resource";
import { languageOf } from "../../roads/fixes";
import type { Finding } from "../../sdk/definition";
import { FLAGS, gapLines, named } from "../../shared/flags";
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
  uncounted: readonly { urn: string }[],
): Finding {
  if (failure.kind === "shared") return shared(bucket, failure.blocks, resource);
  const lines = failure.kind === "weak" ? weak(bucket, failure.blocks) : missing(bucket, failure, resource);
  lines.splice(1, 0, ...accountLines(uncounted));
  return {
    urn: bucket.urn,
    message: `Bucket '${nameIn(bucket.urn)}' can be opened to the public: ${lines.join("\n")}`,
  };
}

function accountLines(uncounted: readonly { urn: string }[]): string[] {
  if (uncounted.length === 0) return [];
  const [which, whose] = uncounted.length === 1 ? ["block", "isn't counted"] : ["blocks", "aren't counted"];
  return [
    `The account's ${which} ${listOf(uncounted)} ${whose}: nothing tells whether the accountId given there is the bucket's account.`,
    "Leave accountId out, or add a block to the bucket.",
  ];
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
  const which = isInline
    ? `its ${named(bucket.urn, "publicAccessBlockConfiguration")}`
    : `public access block ${listOf(blocks)}`;
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
  const language = languageOf(bucket.urn);
  const bucketLine = language?.bucket?.(bucket.urn) ?? `bucket: ${identifierIn(bucket.urn)}.id,`;
  const block = language?.block(bucket.urn, FLAGS) ?? pulumiBlock(bucket.urn, bucketLine, resource);
  const lines = block.map((line) => `      ${line}`);
  // In a template a block belongs into the bucket: what the stack calls the bucket is hard to tell from outside.
  const inBucket =
    language !== undefined && language.bucket === undefined
      ? ["Put one into the bucket:", ...lines]
      : undefined;
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
      ...(inBucket ?? ["Name the bucket there, nothing else:", `      ${bucketLine}`]),
    ];
  }
  if (misnamed.length > 0) {
    return [
      `public access block ${listOf(misnamed)} is made from it, and targets another name.`,
      ...(inBucket ?? ["If it is for this bucket:", `      ${bucketLine}`]),
    ];
  }
  const isMade = typeIn(bucket.urn) === NATIVE_BUCKET || typeof resource?.read("id") === "string";
  return [
    "no public access block targets it.",
    ...(CDK_STAGING.test(bucket.urn) ? [STAGING] : []),
    // The engine isn't told of it, so that nothing but the bucket's own state hints at it.
    ...(isMade || language !== undefined
      ? []
      : ["A block that is made inside apply isn't seen before the bucket exists: make it outside."]),
    "Add one:",
    ...lines,
  ];
}

/** lib/synthesizer.js of @pulumi/cdk 1.10.0: `pulumi-cdk-${appId}-staging`, a BucketV2, which has no block. */
const CDK_STAGING = /::pulumi-cdk-[^:]*-staging$/;
const STAGING =
  'It is the staging bucket of @pulumi/cdk, which makes no block for it: docs/recipes.md, "AWS CDK on Pulumi".';

function pulumiBlock(urn: string, bucketLine: string, resource: Resource | undefined): string[] {
  const flags = FLAGS.map((flag) => `    ${flag}: true,`);
  if (typeIn(urn) === NATIVE_BUCKET) return ["publicAccessBlockConfiguration: {", ...flags, "},"];
  // A provider that is bridged on the fly has one module.
  const name = typeIn(urn).startsWith("aws:index/")
    ? "S3BucketPublicAccessBlock"
    : "s3.BucketPublicAccessBlock";
  const head = `new aws.${name}("${nameIn(urn)}AccessBlock", {`;
  const stays = knowsSkipDestroy(resource?.provider) ? ["    skipDestroy: true,"] : [];
  return [head, `    ${bucketLine}`, ...flags, ...stays, "});"];
}
