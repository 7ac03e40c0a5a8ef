import { isObject } from "../../policypack/face";
import type { Step } from "../gate/output";

/*
 * A canned ACL that lets everyone in, where the program says it in so many words. Left out of it would be the same to S3, and
 * `private` is the smaller change.
 */

/** The resources with an `acl` of their own; an object of a synced folder has its folder's. */
const WITH_ACL =
  /^(aws:s3\/(bucket(V2)?|bucketAcl(V2)?|bucketObject(v2)?|objectCopy):|synced-folder:index:S3BucketFolder$)/;

/** What else can make one of them public. */
const OTHERS = ["grants", "accessControlPolicy", "targetGrants"];

/** Whether the canned ACL is all that can be public of a resource. */
export function isByCannedAcl(type: string, step: Step | undefined): boolean {
  const inputs = step?.after?.inputs;
  return WITH_ACL.test(type) && isObject(inputs) && OTHERS.every((other) => inputs[other] === undefined);
}

const WORD = /^(?:public-read(?:-write)?|authenticated-read)$/;
const MEMBER = /^([\w.]*\bCannedAcl\.?)(?:Public_?Read(?:_?Write)?|Authenticated_?Read)$/i;

/** The same expression for the ACL `private`; undefined for one that isn't a public ACL in so many words. */
export function privateAcl(expression: string): string | undefined {
  const [, before = "", quote = "", word = "", behind = ""] =
    /^((?:(?:\w+\.)?String\()?)(["'`]?)([\w-]+)\2(\)?)$/.exec(expression) ?? [];
  if (WORD.test(word)) return `${before}${quote}private${quote}${behind}`;
  const [, holder] = MEMBER.exec(expression) ?? [];
  if (holder === undefined) return undefined;
  return `${holder}${/_|[A-Z]{6}$/.test(expression) ? "PRIVATE" : "Private"}`;
}
