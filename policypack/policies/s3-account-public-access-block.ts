import type { ResourcePolicy } from "../policy";
import { gaps } from "../rules/public-access-block";
import { BLOCK_PUBLIC_ACCESS, gapLines, nameIn } from "../wording";

/** The account's public access block, when a program manages it, has the four settings on. */
export const s3AccountPublicAccessBlock: ResourcePolicy = {
  name: "s3-account-public-access-block",
  displayName: "The account's S3 public access block has its four settings on",
  description: "An account's S3 public access block, when a program manages it, has its four settings on.",
  severity: "high",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.1"],
  remediationSteps:
    "Set blockPublicAcls, ignorePublicAcls, blockPublicPolicy and restrictPublicBuckets of the account's block to true.",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-1",
  reads: (type) => type === "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  judgeResource: ({ urn, read, inThisRun }) => {
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    const first = `The account's public access block '${nameIn(urn)}' doesn't have the four settings on.`;
    return [{ urn, message: [first, ...gapLines(urn, found)].join("\n") }];
  },
};
