import type { Resource } from "../../engine/resource";
import type { ResourcePolicy } from "../../sdk/definition";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";
import { ACLS, PROPERTIES } from "./resources";

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  ...meta,
  reads: (type) => Object.hasOwn(ACLS, type),
  evaluateResource: (resource) => {
    const { urn, type } = resource;
    const verdict = ACLS[type]?.(resource) ?? { kind: "not-public" };
    const subject = `The ACL of '${nameIn(urn)}'`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public":
        return [{ urn, message: `${subject} is public${by(verdict.by, resource)}.\n${FIX}` }];
      case "unreadable":
        return [{ urn, message: `${subject} can't be read: ${verdict.reason}.\n${FIX}` }];
      case "unknown":
        return [
          {
            urn,
            isNote: true,
            message: `${subject} can't be verified: ${verdict.reason}. The update evaluates it again.`,
          },
        ];
    }
  },
};

function by(grants: readonly string[], { isSecret }: Resource): string {
  return PROPERTIES.some(isSecret)
    ? "; it is a secret, so what it grants isn't quoted"
    : `: ${grants.join(" and ")}`;
}

const FIX =
  "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";
