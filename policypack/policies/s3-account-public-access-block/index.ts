import type { Resource } from "../../engine/resource";
import type { Finding, ResourcePolicy } from "../../sdk/definition";
import { gapLines, gaps } from "../../shared/flags";
import { unverified } from "../../shared/kinds";
import { ACCOUNT_BLOCK } from "../../shared/types";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";
import { evaluateOrganizationPolicy } from "./organization-policy";

/** From the types of @pulumi/aws and @pulumi/aws-native; both have `type` and `content`. */
const ORGANIZATION_POLICIES = ["aws:organizations/policy:Policy", "aws-native:organizations:Policy"];

/**
 * The account's public access block, when a program manages it, has the four flags on; and so has that of all accounts
 * which a policy of their organization manages.
 */
export const s3AccountPublicAccessBlock: ResourcePolicy = {
  ...meta,
  reads: (type) => type === ACCOUNT_BLOCK || ORGANIZATION_POLICIES.includes(type),
  evaluateResource: (resource) => {
    if (resource.type !== ACCOUNT_BLOCK) return evaluateOrganization(resource);
    const { urn, read, inThisRun } = resource;
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    const first = `The account's public access block '${nameIn(urn)}' doesn't have the four flags on.`;
    return [{ urn, message: (program) => [first, ...gapLines(resource, found, program)].join("\n") }];
  },
};

function evaluateOrganization({ urn, read }: Resource): Finding[] {
  const subject = `The organization's S3 policy '${nameIn(urn)}'`;
  const fix = `In its content, set\n      "@@assign": "all"`;
  switch (evaluateOrganizationPolicy(read("type"), read("content"))) {
    case "not-off":
      return [];
    case "off":
      return [{ urn, message: `${subject} turns the public access block of its accounts off.\n${fix}` }];
    case "unreadable":
      return [{ urn, message: `${subject} can't be read: it is not a JSON object.\n${fix}` }];
    case "unknown":
      return [{ urn, isNote: true, message: unverified(subject, "it is not known yet") }];
  }
}
