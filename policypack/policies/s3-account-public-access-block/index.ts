import type { Resource } from "../../engine/resource";
import { type Finding, fix, quoted, said, unreadable, unverified } from "../../findings/finding";
import type { ResourcePolicy } from "../../sdk/definition";
import { gapLines } from "../../roads/fixes";
import { gaps } from "../../shared/flags";
import { ACCOUNT_BLOCK } from "../../shared/types";
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
    return [{ urn, said: (program) => said("account-off", urn, {}, gapLines(resource, found, program)) }];
  },
};

function evaluateOrganization({ urn, read }: Resource): Finding[] {
  const subject = `The organization's S3 policy ${quoted(urn)}`;
  const assign = [fix("assign", ['"@@assign": "all"'])];
  switch (evaluateOrganizationPolicy(read("type"), read("content"))) {
    case "not-off":
      return [];
    case "off":
      return [{ urn, said: said("organization-off", urn, {}, assign) }];
    case "unreadable":
      return [{ urn, said: unreadable(subject, "it is not a JSON object", assign) }];
    case "unknown":
      return [{ urn, isNote: true, said: unverified(subject, "it is not known yet") }];
  }
}
