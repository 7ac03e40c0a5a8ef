import type { ResourcePolicy } from "../policy";
import { turnOn } from "../remediation";
import { gaps, SETTINGS } from "../rules/public-access-block";
import { knowsSkipDestroy } from "../rules/skip-destroy";
import { BLOCK_PUBLIC_ACCESS, gapLines, nameIn } from "../wording";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** A public access block with a setting that isn't on is stopped before it is made. */
export const s3PublicAccessBlockFlags: ResourcePolicy = {
  name: "s3-public-access-block-flags",
  displayName: "S3 public access blocks have their four settings on",
  description:
    "An S3 public access block has blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the block to true, or set this " +
    "policy to the enforcement level remediate, which does so.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
  reads: (type) => type === BLOCK,
  judgeResource: ({ urn, read, inThisRun }) => {
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    const lines = [
      `Public access block '${nameIn(urn)}' doesn't have the four settings on.`,
      ...gapLines(urn, found),
    ];
    return [{ urn, message: lines.join("\n") }];
  },
  remediate: (props, provider) =>
    turnOn(props, [...SETTINGS, ...(knowsSkipDestroy(provider) ? ["skipDestroy"] : [])]),
};
