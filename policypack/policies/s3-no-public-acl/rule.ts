import { isObject, property, UNKNOWN } from "../../lib/values";

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
 */
export type AclVerdict =
  | { kind: "not-public" }
  /** `by` is what makes it public, each once: "the canned ACL public-read", "a grant to the AllUsers group". */
  | { kind: "public"; by: string[] }
  | { kind: "unknown"; reason: string }
  | { kind: "unreadable"; reason: string };

const NOT_PUBLIC: AclVerdict = { kind: "not-public" };

/** By their letters, so that the spellings of both providers are one. */
const PUBLIC_ACLS = new Map(
  ["public-read", "public-read-write", "authenticated-read"].map((acl) => [lettersOf(acl), acl]),
);

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, "");
}

/** Evaluates a canned ACL: `acl` of @pulumi/aws, `accessControl` of @pulumi/aws-native. */
export function evaluateCannedAcl(acl: unknown): AclVerdict {
  if (acl === undefined || acl === null) return NOT_PUBLIC;
  if (acl === UNKNOWN) return { kind: "unknown", reason: "the canned ACL is not known yet" };
  if (typeof acl !== "string") return { kind: "unreadable", reason: "the canned ACL is not a string" };
  const name = PUBLIC_ACLS.get(lettersOf(acl));
  return name === undefined ? NOT_PUBLIC : { kind: "public", by: [`the canned ACL ${name}`] };
}

/**
 * Evaluates grants, in both shapes that @pulumi/aws has: `{ uri, permissions }` (grants of Bucket, BucketV2, ObjectCopy)
 * and `{ grantee: { uri }, permission }` (accessControlPolicy.grants of BucketAcl, targetGrants of BucketLogging).
 */
export function evaluateGrants(grants: unknown): AclVerdict {
  if (grants === undefined || grants === null) return NOT_PUBLIC;
  if (grants === UNKNOWN) return { kind: "unknown", reason: "the grants are not known yet" };
  if (!Array.isArray(grants)) return { kind: "unreadable", reason: "the grants are not a list" };
  return worstAcl(Array.from(grants as unknown[], evaluateGrant));
}

function evaluateGrant(grant: unknown): AclVerdict {
  if (grant === UNKNOWN) return { kind: "unknown", reason: "a grant is not known yet" };
  if (!isObject(grant)) return { kind: "unreadable", reason: "a grant is not an object" };
  return worstAcl([evaluateUri(property(grant, "uri")), evaluateGrantee(property(grant, "grantee"))]);
}

function evaluateGrantee(grantee: unknown): AclVerdict {
  if (grantee === undefined || grantee === null) return NOT_PUBLIC;
  if (grantee === UNKNOWN) return { kind: "unknown", reason: "the grantee of a grant is not known yet" };
  if (!isObject(grantee)) return { kind: "unreadable", reason: "the grantee of a grant is not an object" };
  return evaluateUri(property(grantee, "uri"));
}

function evaluateUri(uri: unknown): AclVerdict {
  if (uri === undefined || uri === null) return NOT_PUBLIC;
  if (uri === UNKNOWN) return { kind: "unknown", reason: "the group of a grant is not known yet" };
  if (typeof uri !== "string") return { kind: "unreadable", reason: "the group of a grant is not a string" };
  const group = ["AllUsers", "AuthenticatedUsers"].find((name) => uri.toLowerCase().includes(name.toLowerCase()));
  return group === undefined ? NOT_PUBLIC : { kind: "public", by: [`a grant to the ${group} group`] };
}

/** One verdict for a resource that takes an ACL in several ways, so that one cause is one finding. */
export function worstAcl(verdicts: readonly AclVerdict[]): AclVerdict {
  const by = new Set(verdicts.flatMap((verdict) => (verdict.kind === "public" ? verdict.by : [])));
  if (by.size > 0) return { kind: "public", by: [...by] };
  return (
    verdicts.find(({ kind }) => kind === "unreadable") ?? verdicts.find(({ kind }) => kind === "unknown") ?? NOT_PUBLIC
  );
}
