import { isObject, property, UNKNOWN } from "../../shared/values";

/**
 * Whether an organization's S3 policy turns the public access block of its accounts off ("Amazon S3 policy syntax and
 * examples", AWS Organizations User Guide). It knows all four flags only together.
 *
 * PASS     another type of policy; `@@assign` is `all`, or there is none
 * FAIL     `@@assign` is `none`, or what AWS doesn't know; what is not a JSON object
 * UNKNOWN  a policy that isn't known yet
 */
export type OrganizationVerdict = "not-off" | "off" | "unknown" | "unreadable";

/** Evaluates `type` and `content` of a policy. The content is JSON, or the object that a program gave for it. */
export function evaluateOrganizationPolicy(type: unknown, content: unknown): OrganizationVerdict {
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
