import type { Resource } from "../../engine/resource";
import { said } from "../../findings/finding";
import type { ResourcePolicy } from "../../policy/definition";
import { named, turnOnFix } from "../../adapters/fixes";
import { gaps, type Gap } from "../../aws/flags";
import { isObject, property, UNKNOWN } from "../../lib/values";
import { metaOf } from "../meta";

interface AccessPoint {
  /** Where the block is. */
  readonly block: (resource: Resource) => unknown;
  /** What a flag is that the block leaves out. Cloud Control documents no default, so there it must be given. */
  readonly leftOut?: true;
}

/** Read from the types of @pulumi/aws and @pulumi/aws-native; docs/public-access-properties.md has their versions. */
const ACCESS_POINTS: Readonly<Record<string, AccessPoint>> = {
  "aws:s3/accessPoint:AccessPoint": { block: ({ read }) => read("publicAccessBlockConfiguration"), leftOut: true },
  "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": {
    block: ({ read }) => blockIn(read("details")),
    leftOut: true,
  },
  "aws-native:s3:AccessPoint": { block: ({ read }) => read("publicAccessBlockConfiguration") },
  "aws-native:s3:MultiRegionAccessPoint": { block: ({ read }) => read("publicAccessBlockConfiguration") },
};

/** What can't be the details is passed on, to be found wrong. */
function blockIn(details: unknown): unknown {
  return isObject(details) ? property(details, "publicAccessBlock") : details;
}

/** What is wrong with the block of an access point; nothing where it has none. */
function gapsOf(resource: Resource): Gap[] {
  const accessPoint = ACCESS_POINTS[resource.type];
  const block = accessPoint?.block(resource);
  if (accessPoint === undefined || block === undefined || block === null) return [];
  if (!isObject(block)) return gaps(() => (block === UNKNOWN ? UNKNOWN : "no block"));
  return gaps((flag) => property(block, flag) ?? accessPoint.leftOut);
}

/** An access point's own public access block, when it is given, has the four flags on. Left out, AWS turns all on. */
export const s3AccessPointPublicAccessBlock: ResourcePolicy = {
  ...metaOf("s3-access-point-public-access-block"),
  reads: (type) => Object.hasOwn(ACCESS_POINTS, type),
  evaluateResource: (resource) => {
    const found = gapsOf(resource);
    if (found.length === 0) return [];
    const { urn } = resource;
    return [
      {
        urn,
        said: (program) =>
          said("access-point-off", urn, {}, [
            ...found.map(({ flag, state }) => `  ${named(resource, flag, program)} ${STATES[state]}`),
            turnOnFix("set-or-leave-out", resource, found, program),
          ]),
      },
    ];
  },
};

/** Other blocks have a false where a flag is left out. Here a false is what the program says. */
const STATES: Record<Gap["state"], string> = {
  off: "is false",
  unset: "is left out, and what that means isn't documented",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};
