import type { Meta } from "../../sdk/definition";
import { BLOCK_PUBLIC_ACCESS } from "../../shared/frameworks";

export const meta = {
  evaluates: "resource",
  name: "s3-public-access-block-skip-destroy",
  displayName: "S3 public access blocks stay when their resource goes",
  description:
    "An S3 public access block has skipDestroy on, so that S3 keeps its flags when the resource is renamed, moved or removed.",
  level: "advisory",
  severity: "medium",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Set skipDestroy of the block to true (@pulumi/aws 7.2 or newer), or set this policy to the enforcement level remediate, " +
    "which does so.",
  url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketpublicaccessblock/",
  exemptIf: "If it may go",
} as const satisfies Meta;
