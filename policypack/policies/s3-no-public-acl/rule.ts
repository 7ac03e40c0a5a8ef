import { capitalized } from "../../lib/case";
import { isObject, property, UNKNOWN } from "../../lib/values";
import { NOT_PUBLIC, type Verdict } from "../verdict";

/**
 * Whether an ACL is public: whether it grants anything to the AllUsers group, or to AuthenticatedUsers, which is everyone
 * with any AWS account ("The meaning of 'public'" and "Access control list (ACL) overview", Amazon S3 User Guide).
 *
 * PASS     no ACL; any other canned ACL (`aws-exec-read` lets in EC2, `log-delivery-write` S3's log delivery); grants to
 *          accounts and to the LogDelivery group
 * FAIL     the canned ACLs `public-read`, `public-read-write` and `authenticated-read`, also as CloudFormation spells
 *          them (`PublicRead`); a grant to one of the groups, whatever its permission and type, and however its URI is
 *          spelled, since no other group's name holds theirs; what can't be an ACL
 * UNKNOWN  a canned ACL, a grant or a grantee that isn't known yet, and nothing that fails
 *
 * `by` is what makes it public, each once: "the canned ACL public-read", "a grant to the AllUsers group".
 */
export type AclVerdict = Verdict<{ readonly by: readonly string[] }>;

/** By their letters, so that the spellings of both providers are one. */
const PUBLIC_ACLS = new Map(
  ["public-read", "public-read-write", "authenticated-read"].map((acl) => [lettersOf(acl), acl]),
);

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, "");
}

/** Evaluates what may be left out, may not be known yet, and else is of one kind. */
function given<Value>(
  subject: string,
  isKind: (value: unknown) => value is Value,
  kind: string,
  evaluate: (value: Value) => AclVerdict,
): (value: unknown) => AclVerdict {
  return (value) => {
    if (value === undefined || value === null) return NOT_PUBLIC;
    if (value === UNKNOWN) return { kind: "unknown", reason: `${subject} not known yet` };
    return isKind(value) ? evaluate(value) : { kind: "unreadable", reason: `${subject} not ${kind}` };
  };
}

const isString = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const publicBy = (by: string | undefined): AclVerdict => (by === undefined ? NOT_PUBLIC : { kind: "public", by: [by] });

/** Evaluates a canned ACL: `acl` of @pulumi/aws, `accessControl` of @pulumi/aws-native. */
export const evaluateCannedAcl = given("the canned ACL is", isString, "a string", (acl) => {
  const name = PUBLIC_ACLS.get(lettersOf(acl));
  return publicBy(name && `the canned ACL ${name}`);
});

const evaluateUri = given("the group of a grant is", isString, "a string", (uri) => {
  const group = ["AllUsers", "AuthenticatedUsers"].find((name) => uri.toLowerCase().includes(name.toLowerCase()));
  return publicBy(group && `a grant to the ${group} group`);
});

const evaluateGrantee = given("the grantee of a grant is", isObject, "an object", (grantee) =>
  evaluateUri(property(grantee, "uri")),
);

const evaluateGrant = given("a grant is", isObject, "an object", (grant) =>
  worstAcl([evaluateUri(property(grant, "uri")), evaluateGrantee(property(grant, "grantee"))]),
);

/**
 * Evaluates grants, in both shapes that @pulumi/aws has: `{ uri, permissions }` (grants of Bucket, BucketV2, ObjectCopy)
 * and `{ grantee: { uri }, permission }` (accessControlPolicy.grants of BucketAcl, targetGrants of BucketLogging). One that is
 * missing in the list can't be read.
 */
export const evaluateGrants = given("the grants are", isList, "a list", (grants) =>
  worstAcl(Array.from(grants, (grant) => evaluateGrant(grant ?? false))),
);

/** Evaluates `accessControlPolicy`. A list must not be read as the grants. */
export function evaluateAccessControlPolicy(policy: unknown): AclVerdict {
  return evaluateGrants(isObject(policy) ? property(policy, "grants") : Array.isArray(policy) ? false : policy);
}

/** Evaluates a grantee that is a group's name, an account or an address. */
export function evaluateGroup(grantee: unknown): AclVerdict {
  return evaluateUri(typeof grantee === "string" && grantee.includes("@") ? undefined : grantee);
}

/** Evaluates where a certificate authority writes its revocation list, if it does ("CrlConfiguration", AWS Private CA API Reference). */
export const evaluateRevocationList = given("the revocation list is", isObject, "an object", (list) => {
  const [enabled, acl] = ["enabled", "s3ObjectAcl"].map(
    (key) => property(list, key) ?? property(list, capitalized(key)),
  );
  if (enabled !== UNKNOWN && String(enabled).toLowerCase() !== "true") return NOT_PUBLIC;
  const isLeftOut = acl === undefined || acl === null;
  const verdict = isLeftOut ? publicBy("s3ObjectAcl is left out, which means PUBLIC_READ") : evaluateCannedAcl(acl);
  return verdict.kind === "public" && enabled === UNKNOWN
    ? { kind: "unknown", reason: "whether the revocation list is enabled is not known yet" }
    : verdict;
});

/** The settings that are a canned ACL: of DMS, MediaLive and MediaConvert, EMRFS and S3A of Hadoop, and Kafka's connector for S3. */
const SETTING = "canned\\W?acl\\w*|acl\\.(?:default|canned)";
const IN_TEXT = new RegExp(`(?:${SETTING})[\\\\"'\\s]*[=:][\\\\"'\\s]*([\\w-]+)`, "gi");
const IN_KEY = new RegExp(SETTING, "i");
/** The names of what other settings are in. One by another name that isn't known is no ACL. */
const HOLDER = /propert|config|setting|argument|override|data|step/i;
const DEEPEST = 100;

/** Evaluates settings that may have an ACL, as text or in objects. */
export function evaluateSettings(settings: unknown, depth = 0): AclVerdict {
  if (typeof settings === "string") {
    return worstAcl([...settings.matchAll(IN_TEXT)].map(([, acl]) => evaluateCannedAcl(acl)));
  }
  if (settings === UNKNOWN) return { kind: "unknown", reason: "a setting that may be an ACL is not known yet" };
  if (typeof settings !== "object" || settings === null) return NOT_PUBLIC;
  if (depth > DEEPEST) return { kind: "unreadable", reason: "the settings are nested too deep" };
  const isHolder = Array.isArray(settings) && !settings.some(isString);
  const verdicts = Object.entries(settings).map(([key, value]: [string, unknown]) => {
    if (IN_KEY.test(key)) return evaluateCannedAcl(value);
    return value === UNKNOWN && !isHolder && !HOLDER.test(key) ? NOT_PUBLIC : evaluateSettings(value, depth + 1);
  });
  return worstAcl(verdicts);
}

/** One verdict for a resource that takes an ACL in several ways, so that one cause is one finding. */
export function worstAcl(verdicts: readonly AclVerdict[]): AclVerdict {
  const by = new Set(verdicts.flatMap((verdict) => (verdict.kind === "public" ? verdict.by : [])));
  if (by.size > 0) return { kind: "public", by: [...by] };
  return (
    verdicts.find(({ kind }) => kind === "unreadable") ?? verdicts.find(({ kind }) => kind === "unknown") ?? NOT_PUBLIC
  );
}

/**
 * Whether the access rules of a Lightsail bucket make it public ("AccessRules", Amazon Lightsail API Reference). No public
 * access block of a bucket applies to it.
 *
 * PASS     no rules; `getObject` is `private` or left out, and `allowPublicOverrides` is false or left out
 * FAIL     `getObject` is `public`: anyone reads all objects. `allowPublicOverrides` is true: an object's ACL can make it public
 * UNKNOWN  rules that aren't known yet, and nothing that fails
 */
export const evaluateAccessRules = given("the access rules are", isObject, "an object", (rules) => {
  const evaluateRule = (name: string, open: string, by: string): AclVerdict => {
    const value = property(rules, name);
    if (value === UNKNOWN) return { kind: "unknown", reason: "a rule of its access is not known yet" };
    return String(value).toLowerCase() === open ? { kind: "public", by: [by] } : NOT_PUBLIC;
  };
  return worstAcl([
    evaluateRule("getObject", "public", "getObject is public"),
    evaluateRule("allowPublicOverrides", "true", "allowPublicOverrides lets objects be public"),
  ]);
});
