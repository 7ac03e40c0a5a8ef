import { ACCOUNT_BLOCK } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import { type Finding, fix, quoted, said } from "../../findings/finding";
import { parseJson } from "../../lib/json-text";
import { isObject, property, UNKNOWN } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { metaOf } from "../meta";
import { flagFindings } from "../s3-public-access-block-flags";
import { NOT_PUBLIC, type Verdict, verdictFindings } from "../verdict";

/** From the types of @pulumi/aws and @pulumi/aws-native; both have `type` and `content`. */
const ORGANIZATION_POLICIES = ["aws:organizations/policy:Policy", "aws-native:organizations:Policy"];
const ASSIGN = ["s3_attributes", "public_access_block_configuration", "@@assign"];
const FIXES = [fix("assign", ['"@@assign": "all"'])];

/**
 * The account's public access block, when a program manages it, has the four flags on; and so has that of all accounts
 * which a policy of their organization manages.
 */
export const s3AccountPublicAccessBlock: ResourcePolicy = {
  ...metaOf("s3-account-public-access-block"),
  reads: (type) => type === ACCOUNT_BLOCK || ORGANIZATION_POLICIES.includes(type),
  evaluateResource: (resource) =>
    resource.type === ACCOUNT_BLOCK ? flagFindings("account-off", resource) : organizationFindings(resource),
};

function organizationFindings({ urn, read }: Resource): Finding[] {
  const verdict = evaluateOrganizationPolicy(read("type"), read("content"));
  const subject = `The organization's S3 policy ${quoted(urn)}`;
  return verdictFindings(urn, subject, verdict, () => said("organization-off", urn, {}, FIXES), FIXES);
}

/**
 * Whether an organization's S3 policy turns the public access block of its accounts off ("Amazon S3 policy syntax and
 * examples", AWS Organizations User Guide). It knows all four flags only together. The content is JSON, or the object that a
 * program gave for it.
 *
 * PASS     another type of policy; `@@assign` is `all`, or there is none
 * FAIL     `@@assign` is `none`, or what AWS doesn't know; what is not a JSON object
 * UNKNOWN  a policy that isn't known yet
 */
function evaluateOrganizationPolicy(type: unknown, content: unknown): Verdict {
  if (type !== "S3_POLICY" && type !== UNKNOWN) return NOT_PUBLIC;
  const policy = typeof content === "string" ? parseJson(content) : content;
  const assigned = ASSIGN.reduce<unknown>(property, policy);
  if (type === UNKNOWN || assigned === UNKNOWN) return { kind: "unknown", reason: "it is not known yet" };
  if (!isObject(policy)) return { kind: "unreadable", reason: "it is not a JSON object" };
  return assigned === undefined || assigned === "all" ? NOT_PUBLIC : { kind: "public" };
}
