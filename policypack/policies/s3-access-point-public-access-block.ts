import type { Resource } from "../engine/resource";
import { property, UNKNOWN } from "../engine/values";
import type { ResourcePolicy } from "../policy";
import { isObject } from "../rules/policy-text";
import { gaps, type Gap } from "../rules/public-access-block";
import { nameIn } from "../wording";

interface AccessPoint {
  /** Where the block is. */
  readonly block: (resource: Resource) => unknown;
  /** What a setting is that the block leaves out. Cloud Control documents none, so there it has to be given. */
  readonly leftOut?: true;
}

/** Read from the types of @pulumi/aws and @pulumi/aws-native; docs/public-access-properties.md has their versions. */
const ACCESS_POINTS: Readonly<Record<string, AccessPoint>> = {
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

/** An access point's own public access block, when it is given, has the four settings on. Left out, AWS turns all on. */
export const s3AccessPointPublicAccessBlock: ResourcePolicy = {
  name: "s3-access-point-public-access-block",
  displayName: "S3 access points have their public access block on",
  description: "The public access block of an S3 access point, when it is given, has its four settings on.",
  severity: "high",
  framework: {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: "S3.19, S3.24",
    specification:
      "S3 access points and Multi-Region Access Points should have block public access settings enabled",
  },
  tags: ["aws", "s3", "public-access", "security-hub-s3.19", "security-hub-s3.24"],
  remediationSteps:
    "Leave the access point's public access block out, or set its four settings to true. AWS can't change it later: an " +
    "access point that exists has to be replaced.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
  reads: (type) => Object.hasOwn(ACCESS_POINTS, type),
  judgeResource: (resource) => {
    const found = gapsOf(resource);
    if (found.length === 0) return [];
    const { urn } = resource;
    const lines = [
      `Access point '${nameIn(urn)}' has a public access block that doesn't have the four settings on, and can't be changed later.`,
      ...found.map(({ setting, state }) => `  ${setting} ${STATES[state]}`),
      `In '${nameIn(urn)}', leave the block out, which turns all four on, or set`,
      ...found.map(({ setting }) => `      ${setting}: true,`),
    ];
    return [{ urn, message: lines.join("\n") }];
  },
};

/** Other blocks have a false where a setting is left out. Here a false is what the program says. */
const STATES: Record<Gap["state"], string> = {
  off: "is false",
  unset: "is left out, and what that means isn't documented",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};

/** What can't be the details is passed on, to be found wrong. */
function blockIn(details: unknown): unknown {
  return isObject(details) ? property(details, "publicAccessBlock") : details;
}

function gapsOf(resource: Resource): Gap[] {
  const accessPoint = ACCESS_POINTS[resource.type];
  const block = accessPoint?.block(resource);
  if (accessPoint === undefined || block === undefined || block === null) return [];
  if (!isObject(block)) return gaps(() => (block === UNKNOWN ? UNKNOWN : "no block"));
  return gaps((setting) => property(block, setting) ?? accessPoint.leftOut);
}
