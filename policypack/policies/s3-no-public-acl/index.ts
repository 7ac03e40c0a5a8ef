import type { Resource } from "../../engine/resource";
import type { ResourcePolicy } from "../../policy/definition";
import { named } from "../../adapters/fixes";
import { type Facts, quoted, said, unreadable, unverified } from "../../findings/finding";
import { metaOf } from "../meta";
import { isInSyncedFolder } from "../s3-no-public-folder";
import { ACLS, LIGHTSAIL, PROPERTIES } from "./resources";

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  ...metaOf("s3-no-public-acl"),
  reads: (type) => Object.hasOwn(ACLS, type),
  evaluateResource: (resource) => {
    const { urn, type } = resource;
    if (isInSyncedFolder(urn)) return []; // One finding for all of its objects: s3-no-public-folder.
    const verdict = ACLS[type]?.(resource) ?? { kind: "not-public" };
    const [access, fix] = type === LIGHTSAIL ? ["access", fixOfRules(resource)] : ["ACL", FIX];
    const subject = `The ${access} of ${quoted(urn)}`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public": {
        const isSecret = PROPERTIES.some(resource.isSecret);
        const facts: Facts = { access, ...(isSecret ? {} : { by: verdict.by.join(" and ") }) };
        return [{ urn, said: said(isSecret ? "public-acl-secret" : "public-acl", urn, facts, [fix]) }];
      }
      case "unreadable":
        return [{ urn, said: unreadable(subject, verdict.reason, [fix]) }];
      case "unknown":
        return [{ urn, isNote: true, said: unverified(subject, verdict.reason) }];
    }
  },
};

function fixOfRules(resource: Resource): string {
  return `Leave ${named(resource, "accessRules")} out: without them, only the owner has access.`;
}

const FIX = "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";
