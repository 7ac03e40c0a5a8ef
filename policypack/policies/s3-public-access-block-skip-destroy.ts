import { UNKNOWN } from "../engine/values";
import type { ResourcePolicy } from "../policy";
import { turnOn } from "../remediation";
import { knowsSkipDestroy } from "../rules/skip-destroy";
import { BLOCK_PUBLIC_ACCESS, nameIn } from "../wording";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** A public access block that goes from the program, or moves in it, doesn't take the setting in S3 with it. */
export const s3PublicAccessBlockSkipDestroy: ResourcePolicy = {
  name: "s3-public-access-block-skip-destroy",
  displayName: "S3 public access blocks stay when their resource goes",
  description:
    "An S3 public access block has skipDestroy on, so that S3 keeps its settings when the resource is renamed, moved or removed.",
  level: "advisory",
  severity: "medium",
  framework: BLOCK_PUBLIC_ACCESS,
  tags: ["aws", "s3", "public-access", "security-hub-s3.8"],
  remediationSteps:
    "Set skipDestroy of the block to true (@pulumi/aws 7.2 or newer), or set this policy to the enforcement level remediate, " +
    "which does so.",
  url: "https://www.pulumi.com/registry/packages/aws/api-docs/s3/bucketpublicaccessblock/",
  exemptIf: "If it may go",
  reads: (type) => type === BLOCK,
  judgeResource: ({ urn, read, inThisRun, provider }) => {
    const value = read("skipDestroy");
    if (!inThisRun || value === true || !knowsSkipDestroy(provider)) return [];
    const state =
      value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    const lines = [
      `Public access block '${nameIn(urn)}' ${state}: renamed or moved, it opens its bucket.`,
      "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.",
      `In '${nameIn(urn)}', set`,
      "      skipDestroy: true,",
    ];
    return [{ urn, message: lines.join("\n") }];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
