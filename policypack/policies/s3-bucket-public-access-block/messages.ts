import { gapLines, named, type Place } from "../../adapters/fixes";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import type { Resource } from "../../engine/resource";
import { type Finding, type Fix, fix, listOf, type Program, quoted, type Said, said } from "../../findings/finding";
import { lines as sentences } from "../../findings/sentences.json";
import { filled } from "../../lib/case";
import { typeIn } from "../../lib/urn";
import { UNKNOWN } from "../../lib/values";
import { addBlock, nameBucket } from "./fixes";
import type { Bucket } from "./resources";
import { type Assessment, type Block, LOCKED } from "./rule";

type Lines = readonly (string | Fix)[];

/** The finding on a bucket that is open, or may not stay locked. */
export function toFinding(bucket: Bucket, assessment: Assessment, uncounted: readonly Resource[]): Finding {
  const { urn, resource } = bucket;
  const { kind, blocks } = assessment;
  const tell = (program: Program): Said => {
    if (kind === "by-name") return said(kind, urn, { blocks: listOf(blocks) }, [sentences.elsewhere]);
    if (kind === "shared") return said(kind, urn, { blocks: listOf(blocks) }, keepOne(resource, program));
    const around = [...accountLine(uncounted, program), ...madeInside(urn, resource.parent)];
    if (kind === "weak") return weak(resource, blocks, around, program);
    const lines = [...around, ...fixesOf(bucket, assessment, program)];
    return said(kind, urn, kind === "missing" ? {} : { blocks: listOf(blocks) }, lines);
  };
  const covers = kind === "weak" && { covers: blocks.map((block) => block.urn) };
  return { urn, said: tell, ...covers, ...(LOCKED.includes(kind) && { isNote: true }) };
}

function accountLine(uncounted: readonly Resource[], program: Program): string[] {
  const [first] = uncounted;
  if (first === undefined) return [];
  const accountId = named(first, "accountId", program);
  const [which, verb] = uncounted.length === 1 ? ["block", "isn't counted"] : ["blocks", "aren't counted"];
  return [filled(sentences.account, { which, blocks: listOf(uncounted), verb, accountId })];
}

function keepOne({ provider }: Resource, program: Program): Lines {
  return [
    sentences.single,
    knowsSkipDestroy(provider)
      ? fix("set-in-others", [program().setting("skipDestroy")], {}, ["skipDestroy"])
      : sentences["keep-one"],
  ];
}

function weak(bucket: Place, blocks: readonly Block[], around: Lines, program: Program): Said {
  const { urn } = bucket;
  const isInside = blocks.every((block) => block.urn === urn);
  const ofBlocks = blocks.flatMap((block) => gapLines(block.urn === urn ? bucket : block, block.gaps, program));
  const lines = [...around, ...ofBlocks];
  if (isInside)
    return said("weak-inside", urn, { property: named(bucket, "publicAccessBlockConfiguration", program) }, lines);
  return said("weak", urn, { blocks: listOf(blocks), verb: blocks.length === 1 ? "doesn't" : "don't" }, lines);
}

function fixesOf({ urn, name, resource }: Bucket, { kind, blocks }: Assessment, program: Program) {
  const urns = blocks.map((block) => block.urn);
  if (kind === "left-out") return [fix("include", urns)];
  if (kind === "misnamed") return [nameBucket("name-bucket-if", resource, false, program)];
  if (kind === "unproven") {
    // A name that is known is proof; an id is not, while it is unknown and comes from more than the bucket.
    const isNameKnown = typeof name === "string" && blocks.every((each) => each.bucket === UNKNOWN);
    return [nameBucket("name-bucket", resource, isNameKnown, program)];
  }
  return [...(CDK_STAGING.test(urn) ? [sentences["cdk-staging"]] : []), addBlock(resource, program)];
}

/** The line that names the resource's component; none if its parent is no component. */
function madeInside(urn: string, parent: string | undefined): string[] {
  if (parent === undefined) return [];
  const type = typeIn(parent);
  // A child's URN has the types of its parents, without that of the stack.
  const isChild = urn.includes(`${type}$`);
  // A resource of a provider has a module with the resource's name in it, or is one of Cloud Control.
  const isResource = type.includes("/") || type.startsWith("aws-native:");
  return isChild && !isResource ? [`Made inside ${type} ${quoted(parent)}.`] : [];
}

/** lib/synthesizer.js of @pulumi/cdk 1.10.0: `pulumi-cdk-${appId}-staging`, a BucketV2, which has no block. */
const CDK_STAGING = /::pulumi-cdk-[^:]*-staging$/;
