import type { Resource } from "../../engine/resource";
import { type Finding, fix, quoted, said, unreadable, unverified } from "../../findings/finding";
import type { ResourcePolicy } from "../../policy/definition";
import { gapLines } from "../../adapters/fixes";
import { gaps } from "../../aws/flags";
import { ACCOUNT_BLOCK } from "../../aws/types";
import { isObject, property, UNKNOWN } from "../../lib/values";
import { metaOf } from "../meta";

/** From the types of @pulumi/aws and @pulumi/aws-native; both have `type` and `content`. */
const ORGANIZATION_POLICIES = ["aws:organizations/policy:Policy", "aws-native:organizations:Policy"];

/**
 * The account's public access block, when a program manages it, has the four flags on; and so has that of all accounts
 * which a policy of their organization manages.
 */
export const s3AccountPublicAccessBlock: ResourcePolicy = {
  ...metaOf("s3-account-public-access-block"),
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

/**
 * Whether an organization's S3 policy turns the public access block of its accounts off ("Amazon S3 policy syntax and
 * examples", AWS Organizations User Guide). It knows all four flags only together.
 *
 * PASS     another type of policy; `@@assign` is `all`, or there is none
 * FAIL     `@@assign` is `none`, or what AWS doesn't know; what is not a JSON object
 * UNKNOWN  a policy that isn't known yet
 */
type OrganizationVerdict = "not-off" | "off" | "unknown" | "unreadable";

/** Evaluates `type` and `content` of a policy. The content is JSON, or the object that a program gave for it. */
function evaluateOrganizationPolicy(type: unknown, content: unknown): OrganizationVerdict {
  if (type !== "S3_POLICY" && type !== UNKNOWN) return "not-off";
  if (type === UNKNOWN || content === UNKNOWN) return "unknown";
  const policy = typeof content === "string" ? parsed(content) : content;
  if (!isObject(policy)) return "unreadable";
  const path = ["s3_attributes", "public_access_block_configuration", "@@assign"];
  const assigned = path.reduce<unknown>(property, policy);
  if (assigned === UNKNOWN) return "unknown";
  return assigned === undefined || assigned === "all" ? "not-off" : "off";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
