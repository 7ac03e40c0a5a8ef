import type { Resource } from "../../engine/resource";
import { languageOf, type Place } from "../../roads/fixes";
import type { Finding } from "../../sdk/definition";
import { FLAGS, gapLines, named } from "../../shared/flags";
import type { Language } from "../../shared/languages";
import { INCLUDE, listOf, madeInside } from "../../shared/phrases";
import { knowsSkipDestroy } from "../../shared/skip-destroy";
import { nameIn, typeIn } from "../../shared/urn";
import { UNKNOWN } from "../../shared/values";
import { NATIVE_BUCKET } from "./resources";
import type * as rule from "./rule";
import { bucketLine, newBlock, withPlaceholders } from "./snippet";

/** Tells what language the program is in. */
type Program = () => Language;

/** What is said of a bucket that is open, or may not stay locked. */
export function toFinding(
  bucket: rule.Bucket,
  failure: rule.Failure,
  resource: Resource | undefined,
  uncounted: readonly Resource[],
): Finding {
  const { urn } = bucket;
  if (failure.kind === "shared") {
    return { urn, isNote: true, message: (program) => shared(urn, failure.blocks, resource, program) };
  }
  const message = (program: Program): string => {
    const [what = "", ...fix] =
      failure.kind === "weak"
        ? weak(resource ?? bucket, failure.blocks, program)
        : missing(bucket, failure, resource, program);
    const first = `Bucket '${nameIn(urn)}' can be opened to the public: ${what}`;
    return [first, ...accountLines(uncounted, program), ...madeInside(urn, resource?.parent), ...fix].join(
      "\n",
    );
  };
  const covers = failure.kind === "weak" ? failure.blocks.map((block) => block.urn) : [];
  return { urn, message, covers };
}

function accountLines(uncounted: readonly Resource[], program: Program): string[] {
  const [first] = uncounted;
  if (first === undefined) return [];
  const accountId = named(first, "accountId", program);
  const [which, whose] = uncounted.length === 1 ? ["block", "isn't counted"] : ["blocks", "aren't counted"];
  return [
    `The account's ${which} ${listOf(uncounted)} ${whose}: nothing tells whether the ${accountId} given there is the bucket's account.`,
    `Leave ${accountId} out, or add a block to the bucket.`,
  ];
}

/** Locked, so that it is no more than a note. */
function shared(
  urn: string,
  blocks: readonly rule.Block[],
  resource: Resource | undefined,
  program: Program,
): string {
  return [
    `Bucket '${nameIn(urn)}' has more than one public access block: ${listOf(blocks)}.`,
    "In S3 they are one: when one of them leaves the program, the bucket is open.",
    ...(knowsSkipDestroy(resource?.provider)
      ? ["To keep only one, first set in the others, and deploy", `      ${program().setting("skipDestroy")}`]
      : ["To keep only one, first take the others out of the state: pulumi state delete URN"]),
  ].join("\n");
}

function weak(bucket: Place, blocks: readonly rule.Block[], program: Program): string[] {
  const isInline = blocks.length === 1 && blocks[0]?.urn === bucket.urn;
  const which = isInline
    ? `its ${named(bucket, "publicAccessBlockConfiguration")}`
    : `public access block ${listOf(blocks)}`;
  return [
    `${which} ${blocks.length === 1 ? "doesn't" : "don't"} have the four flags on.`,
    ...blocks.flatMap((block) => gapLines(block.urn === bucket.urn ? bucket : block, block.gaps, program)),
  ];
}

function missing(
  { urn, name }: rule.Bucket,
  { unproven, misnamed, leftOut }: rule.Missing,
  resource: Resource | undefined,
  program: Program,
): string[] {
  if (leftOut.length > 0) {
    return [
      `--target or --exclude leaves its public access block ${listOf(leftOut)} out of this run.`,
      INCLUDE,
      ...leftOut.map((block) => `      ${block.urn}`),
    ];
  }
  const place = languageOf(resource ?? { urn });
  const block = (): string[] =>
    (place?.block(urn, FLAGS) ?? newBlock(urn, resource, program())).map((line) => `      ${line}`);
  // In a template a block belongs into the bucket: what the stack calls the bucket is hard to tell from outside.
  const rename = (isKnown: boolean, heading: string): string[] =>
    place?.into !== undefined
      ? [`Put one into its ${place.into}:`, ...block()]
      : [
          place === undefined ? withPlaceholders(heading, program()) : `${heading}:`,
          `      ${place?.bucket?.(urn) ?? bucketLine(urn, isKnown, program())}`,
        ];
  if (unproven.length > 0) {
    // A name that is known is proof; an id is not, while it is unknown and comes from more than the bucket.
    const isUnknown = typeof name === "string" && unproven.every((each) => each.bucket === UNKNOWN);
    return [
      `it can't be verified that public access block ${listOf(unproven)} targets it.`,
      ...rename(isUnknown, "Name the bucket there, nothing else"),
    ];
  }
  if (misnamed.length > 0) {
    return [
      `public access block ${listOf(misnamed)} is made from it, and targets another name.`,
      ...rename(false, "If it is for this bucket"),
    ];
  }
  const isMade = typeIn(urn) === NATIVE_BUCKET || typeof resource?.read("id") === "string";
  return [
    "no public access block targets it.",
    ...(CDK_STAGING.test(urn) ? [STAGING] : []),
    // The engine isn't told of it, so that nothing but the bucket's own state hints at it.
    ...(isMade || place !== undefined
      ? []
      : ["A block that is made inside apply isn't seen before the bucket exists: make it outside."]),
    place?.into !== undefined
      ? `Add one to its ${place.into}:`
      : place !== undefined || typeIn(urn) === NATIVE_BUCKET
        ? "Add one:"
        : withPlaceholders("Add one", program(), resource?.provider?.urn),
    ...block(),
  ];
}

/** lib/synthesizer.js of @pulumi/cdk 1.10.0: `pulumi-cdk-${appId}-staging`, a BucketV2, which has no block. */
const CDK_STAGING = /::pulumi-cdk-[^:]*-staging$/;
const STAGING =
  'It is the staging bucket of @pulumi/cdk, which makes no block for it: docs/recipes.md, "AWS CDK on Pulumi".';
