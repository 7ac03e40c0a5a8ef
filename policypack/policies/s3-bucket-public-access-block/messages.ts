import { gapLines, named } from "../../adapters/fixes";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import type { Resource } from "../../engine/resource";
import { type Finding, type Fix, fix, listOf, type Program, quoted, type Said, said } from "../../findings/finding";
import { typeIn } from "../../lib/urn";
import { UNKNOWN } from "../../lib/values";
import { addBlock, nameBucket } from "./fixes";
import { type Assessment, type Block, type Bucket, LOCKED } from "./rule";

type Lines = readonly (string | Fix)[];

/** The finding on a bucket that is open, or may not stay locked. */
export function toFinding(
  bucket: Bucket,
  assessment: Assessment,
  resource: Resource | undefined,
  uncounted: readonly Resource[],
): Finding {
  const { urn } = bucket;
  const { kind, blocks } = assessment;
  const tell = (program: Program): Said => {
    if (kind === "by-name") return said(kind, urn, { blocks: listOf(blocks) }, [ELSEWHERE]);
    if (kind === "shared") return said(kind, urn, { blocks: listOf(blocks) }, keepOne(resource, program));
    const around = [...accountLine(uncounted, program), ...madeInside(urn, resource?.parent)];
    if (kind === "weak") return weak(resource ?? bucket, blocks, around, program);
    const lines = [...around, ...fixesOf(bucket, assessment, resource, program)];
    return said(kind, urn, kind === "missing" ? {} : { blocks: listOf(blocks) }, lines);
  };
  const covers = kind === "weak" ? blocks.map((block) => block.urn) : [];
  return { urn, said: tell, covers, ...(LOCKED.includes(kind) && { isNote: true }) };
}

function accountLine(uncounted: readonly Resource[], program: Program): string[] {
  const [first] = uncounted;
  if (first === undefined) return [];
  const accountId = named(first, "accountId", program);
  const [which, whose] = uncounted.length === 1 ? ["block", "isn't counted"] : ["blocks", "aren't counted"];
  return [
    `The account's ${which} ${listOf(uncounted)} ${whose}: it can't be verified that its ${accountId} is the bucket's ` +
      `account. Leave ${accountId} out, or add a block to the bucket.`,
  ];
}

function keepOne(resource: Resource | undefined, program: Program): Lines {
  return [
    "S3 keeps a single block per bucket: removing either one opens the bucket.",
    knowsSkipDestroy(resource?.provider)
      ? fix("set-in-others", [program().setting("skipDestroy")], {}, ["skipDestroy"])
      : "To keep only one, first take the others out of the state: pulumi state delete URN",
  ];
}

function weak(
  bucket: Pick<Resource, "urn" | "isYaml">,
  blocks: readonly Block[],
  around: Lines,
  program: Program,
): Said {
  const { urn } = bucket;
  const isInside = blocks.length === 1 && blocks[0]?.urn === urn;
  const ofBlocks = blocks.flatMap((block) => gapLines(block.urn === urn ? bucket : block, block.gaps, program));
  const lines = [...around, ...ofBlocks];
  if (isInside)
    return said("weak-inside", urn, { property: named(bucket, "publicAccessBlockConfiguration", program) }, lines);
  return said("weak", urn, { blocks: listOf(blocks), verb: blocks.length === 1 ? "doesn't" : "don't" }, lines);
}

function fixesOf(
  { urn, name }: Bucket,
  { kind, blocks }: Assessment,
  resource: Resource | undefined,
  program: Program,
): Lines {
  const urns = blocks.map((block) => block.urn);
  if (kind === "left-out") return [fix("include", urns)];
  if (kind === "misnamed") return [nameBucket("name-bucket-if", urn, resource, false, program)];
  if (kind === "unproven") {
    // A name that is known is proof; an id is not, while it is unknown and comes from more than the bucket.
    const isNameKnown = typeof name === "string" && blocks.every((each) => each.bucket === UNKNOWN);
    return [nameBucket("name-bucket", urn, resource, isNameKnown, program)];
  }
  return [...(CDK_STAGING.test(urn) ? [STAGING] : []), addBlock(urn, resource, program)];
}

/** The line that names the resource's component; none if its parent is no component. */
function madeInside(urn: string, parent: string | undefined): string[] {
  const type = parent === undefined ? "" : typeIn(parent);
  // A child's URN has the types of its parents, without that of the stack.
  const isChild = parent !== undefined && urn.includes(`${type}$`);
  // A resource of a provider has a module with the resource's name in it, or is one of Cloud Control.
  const isResource = /^[^:]+:[^:/]*\/[^:]*:|^aws-native:/.test(type);
  return isChild && !isResource ? [`Made inside ${type} ${quoted(parent)}.`] : [];
}

const ELSEWHERE =
  "A block in another account or region doesn't lock it. Make it with the bucket's own provider, from the bucket's id.";

/** lib/synthesizer.js of @pulumi/cdk 1.10.0: `pulumi-cdk-${appId}-staging`, a BucketV2, which has no block. */
const CDK_STAGING = /::pulumi-cdk-[^:]*-staging$/;
const STAGING =
  'It is the staging bucket of @pulumi/cdk, which makes no block for it: docs/recipes.md, "AWS CDK on Pulumi".';
