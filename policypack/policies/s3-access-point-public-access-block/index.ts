import { gapLines } from "../../adapters/fixes";
import { gaps, type Gap } from "../../aws/flags";
import type { Resource } from "../../engine/resource";
import { type Program, said } from "../../findings/finding";
import { isObject, property, UNKNOWN, valueAt } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { metaOf } from "../meta";
import { blocksOfAccessPoints } from "../ways.json";

/** By the types of @pulumi/aws and @pulumi/aws-native; docs/public-access-properties.md has their versions. */
const BLOCKS: Readonly<Record<string, string>> = blocksOfAccessPoints;

/** Other blocks have a false where a flag is left out. Here a false is what the program says. */
const STATES = {
  off: ["is false", "are false"],
  unset: ["isn't set, and its default is undocumented", "aren't set, and their defaults are undocumented"],
} as const;

/** The problems of an access point's block; none without a block. */
function gapsOf(resource: Resource): Gap[] {
  const block = valueAt(resource.read, BLOCKS[resource.type] ?? "");
  if (block === undefined || block === null) return [];
  if (!isObject(block)) return gaps(() => (block === UNKNOWN ? UNKNOWN : "no block"));
  // A flag that is left out is on. Cloud Control documents no default, so there it must be given.
  const leftOut = resource.type.startsWith("aws:") ? true : undefined;
  return gaps((flag) => property(block, flag) ?? leftOut);
}

/** An access point's own public access block, when it is given, has the four flags on. Left out, AWS turns all on. */
export const s3AccessPointPublicAccessBlock: ResourcePolicy = {
  ...metaOf("s3-access-point-public-access-block"),
  reads: (type) => Object.hasOwn(BLOCKS, type),
  evaluateResource: (resource) => {
    const { urn } = resource;
    const found = gapsOf(resource);
    if (found.length === 0) return [];
    const lines = (program: Program) => gapLines(resource, found, program, "set-or-leave-out", STATES);
    return [{ urn, said: (program) => said("access-point-off", urn, {}, lines(program)) }];
  },
};
