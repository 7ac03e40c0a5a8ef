import type { Resource } from "../../engine/resource";
import { gaps, type Gap } from "../../shared/flags";
import { isObject, property, UNKNOWN } from "../../shared/values";

interface AccessPoint {
  /** Where the block is. */
  readonly block: (resource: Resource) => unknown;
  /** What a flag is that the block leaves out. Cloud Control documents no default, so there it must be given. */
  readonly leftOut?: true;
}

/** Read from the types of @pulumi/aws and @pulumi/aws-native; docs/public-access-properties.md has their versions. */
export const ACCESS_POINTS: Readonly<Record<string, AccessPoint>> = {
  "aws:s3/accessPoint:AccessPoint": {
    block: ({ read }) => read("publicAccessBlockConfiguration"),
    leftOut: true,
  },
  "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": {
    block: ({ read }) => blockIn(read("details")),
    leftOut: true,
  },
  "aws-native:s3:AccessPoint": {
    block: ({ read }) => read("publicAccessBlockConfiguration"),
  },
  "aws-native:s3:MultiRegionAccessPoint": {
    block: ({ read }) => read("publicAccessBlockConfiguration"),
  },
};

/** What can't be the details is passed on, to be found wrong. */
function blockIn(details: unknown): unknown {
  return isObject(details) ? property(details, "publicAccessBlock") : details;
}

/** What is wrong with the block of an access point; nothing where it has none. */
export function gapsOf(resource: Resource): Gap[] {
  const accessPoint = ACCESS_POINTS[resource.type];
  const block = accessPoint?.block(resource);
  if (accessPoint === undefined || block === undefined || block === null) return [];
  if (!isObject(block)) return gaps(() => (block === UNKNOWN ? UNKNOWN : "no block"));
  return gaps((flag) => property(block, flag) ?? accessPoint.leftOut);
}
