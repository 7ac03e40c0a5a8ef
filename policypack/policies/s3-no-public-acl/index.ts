import type { Resource } from "../../engine/resource";
import type { ResourcePolicy } from "../../sdk/definition";
import { named } from "../../shared/flags";
import { unverified } from "../../shared/kinds";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";
import { isInSyncedFolder } from "../s3-no-public-folder";
import { ACLS, LIGHTSAIL, PROPERTIES } from "./resources";

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  ...meta,
  reads: (type) => Object.hasOwn(ACLS, type),
  evaluateResource: (resource) => {
    const { urn, type } = resource;
    if (isInSyncedFolder(urn)) return []; // One finding for all of its objects: s3-no-public-folder.
    const verdict = ACLS[type]?.(resource) ?? { kind: "not-public" };
    const [what, fix] = type === LIGHTSAIL ? ["access", fixOfRules(resource)] : ["ACL", FIX];
    const subject = `The ${what} of '${nameIn(urn)}'`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public":
        return [{ urn, message: `${subject} is public${by(verdict.by, resource)}.\n${fix}` }];
      case "unreadable":
        return [{ urn, message: `${subject} can't be read: ${verdict.reason}.\n${fix}` }];
      case "unknown":
        return [{ urn, isNote: true, message: unverified(subject, verdict.reason) }];
    }
  },
};

function by(grants: readonly string[], { isSecret }: Resource): string {
  return PROPERTIES.some(isSecret)
    ? "; it is a secret, so what it grants isn't quoted"
    : `: ${grants.join(" and ")}`;
}

function fixOfRules(resource: Resource): string {
  return `Leave ${named(resource, "accessRules")} out: without them, only the owner has access.`;
}

const FIX =
  "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";
