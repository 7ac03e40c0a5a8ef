import type { Meta } from "../../sdk/definition";
import { NO_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "resource",
  name: "s3-no-public-bucket-policy",
  displayName: "S3 bucket and access point policies are not public",
  description: "No policy of a bucket or an access point is what AWS calls public.",
  severity: "high",
  framework: NO_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.2", "security-hub-s3.3"],
  remediationSteps:
    "Name the principals that the statement lets in, or pin it by a condition to fixed values of aws:PrincipalOrgID, " +
    "aws:SourceArn, aws:SourceVpce or another key that AWS takes for fixed.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
} as const satisfies Meta;
