import type { Resource } from "../../engine/resource";
import { languageOf, type Place, gapLines, named } from "../../adapters/fixes";
import {
  type Facts,
  type Finding,
  type Fix,
  fix,
  listOf,
  type Program,
  quoted,
  type Said,
  said,
} from "../../findings/finding";
import type { Cause, FixKind } from "../../findings/words";
import { FLAGS } from "../../aws/flags";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { typeIn } from "../../lib/urn";
import { UNKNOWN } from "../../lib/values";
import { NATIVE_BUCKET } from "../../aws/types";
import type * as rule from "./rule";
import { bucketLine, newBlock, placeholders, propertiesOf } from "./snippet";

/** What is wrong, and what else is said of it. */
type What = readonly [cause: Cause, facts: Facts, lines: readonly (string | Fix)[]];

/** What is said of a bucket that is open, or may not stay locked. */
export function toFinding(
  bucket: rule.Bucket,
  assessment: rule.Assessment,
  resource: Resource | undefined,
  uncounted: readonly Resource[],
): Finding {
  const { urn } = bucket;
  if (assessment.kind === "shared") {
    return { urn, isNote: true, said: (program) => shared(urn, assessment.blocks, resource, program) };
  }
  const tell = (program: Program): Said => {
    const [cause, facts, lines] =
      assessment.kind === "weak"
        ? weak(resource ?? bucket, assessment.blocks, program)
        : missing(bucket, assessment, resource, program);
    const around = [...accountLines(uncounted, program), ...madeInside(urn, resource?.parent)];
    return said(cause, urn, facts, [...around, ...lines]);
  };
  const covers = assessment.kind === "weak" ? assessment.blocks.map((block) => block.urn) : [];
  return { urn, said: tell, covers };
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
function shared(urn: string, blocks: readonly rule.Block[], resource: Resource | undefined, program: Program): Said {
  return said("shared", urn, { blocks: listOf(blocks) }, [
    "In S3 they are one: when one of them leaves the program, the bucket is open.",
    knowsSkipDestroy(resource?.provider)
      ? fix("set-in-others", [program().setting("skipDestroy")], {}, ["skipDestroy"])
      : "To keep only one, first take the others out of the state: pulumi state delete URN",
  ]);
}

function weak(bucket: Place, blocks: readonly rule.Block[], program: Program): What {
  const lines = blocks.flatMap((block) => gapLines(block.urn === bucket.urn ? bucket : block, block.gaps, program));
  if (blocks.length === 1 && blocks[0]?.urn === bucket.urn)
    return ["weak-inside", { property: named(bucket, "publicAccessBlockConfiguration", program) }, lines];
  return ["weak", { blocks: listOf(blocks), verb: blocks.length === 1 ? "doesn't" : "don't" }, lines];
}

function missing(
  { urn, name }: rule.Bucket,
  { unproven, misnamed, leftOut }: rule.Missing,
  resource: Resource | undefined,
  program: Program,
): What {
  if (leftOut.length > 0) {
    return [
      "left-out",
      { blocks: listOf(leftOut) },
      [
        fix(
          "include",
          leftOut.map(({ urn: block }) => block),
        ),
      ],
    ];
  }
  const place = languageOf(resource ?? { urn });
  const add = (kind: FixKind, facts: Facts): Fix =>
    place === undefined
      ? fix(kind, newBlock(urn, resource, program()), facts, propertiesOf(urn, resource))
      : fix(kind, place.block(urn, FLAGS), facts, FLAGS);
  // In a template a block belongs into the bucket: what the stack calls the bucket is hard to tell from outside.
  const rename = (isKnown: boolean, kind: FixKind): Fix =>
    place?.into === undefined
      ? fix(kind, [place?.bucket?.(urn) ?? bucketLine(urn, isKnown, program())], {
          where: place === undefined ? placeholders(program()) : "",
        })
      : add("put-inside", { into: place.into });
  if (unproven.length > 0) {
    // A name that is known is proof; an id is not, while it is unknown and comes from more than the bucket.
    const isUnknown = typeof name === "string" && unproven.every((each) => each.bucket === UNKNOWN);
    return ["unproven", { blocks: listOf(unproven) }, [rename(isUnknown, "name-bucket")]];
  }
  if (misnamed.length > 0) {
    return ["misnamed", { blocks: listOf(misnamed) }, [rename(false, "name-bucket-if")]];
  }
  const isMade = typeIn(urn) === NATIVE_BUCKET || typeof resource?.read("id") === "string";
  const isInProgram = place === undefined && typeIn(urn) !== NATIVE_BUCKET;
  const lines = [
    ...(CDK_STAGING.test(urn) ? [STAGING] : []),
    // The engine isn't told of it, so that nothing but the bucket's own state hints at it.
    ...(isMade || place !== undefined
      ? []
      : ["A block that is made inside apply isn't seen before the bucket exists: make it outside."]),
    place?.into === undefined
      ? add("add", { where: isInProgram ? placeholders(program(), resource?.provider?.urn) : "" })
      : add("add-inside", { into: place.into }),
  ];
  return ["missing", {}, lines];
}

/** The line that tells of the component which a resource is in; none where its parent is no component. */
function madeInside(urn: string, parent: string | undefined): string[] {
  const type = parent === undefined ? "" : typeIn(parent);
  // A child's URN has the types of its parents, without that of the stack.
  const isChild = parent !== undefined && urn.includes(`${type}$`);
  // A resource of a provider has a module with the resource's name in it, or is one of Cloud Control.
  const isResource = /^[^:]+:[^:/]*\/[^:]*:|^aws-native:/.test(type);
  return isChild && !isResource ? [`Made inside ${type} ${quoted(parent)}.`] : [];
}

/** lib/synthesizer.js of @pulumi/cdk 1.10.0: `pulumi-cdk-${appId}-staging`, a BucketV2, which has no block. */
const CDK_STAGING = /::pulumi-cdk-[^:]*-staging$/;
const STAGING =
  'It is the staging bucket of @pulumi/cdk, which makes no block for it: docs/recipes.md, "AWS CDK on Pulumi".';
