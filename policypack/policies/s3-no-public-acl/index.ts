import { named } from "../../adapters/fixes";
import { quoted, said } from "../../findings/finding";
import type { ResourcePolicy } from "../../policy/definition";
import { NOT_PUBLIC, verdictFindings } from "../verdict";
import { metaOf } from "../meta";
import { isInSyncedFolder } from "../s3-no-public-folder";
import { ACLS, LIGHTSAIL, PROPERTIES } from "./resources";

const FIX = "Leave the ACL out: without one, only the owner has access. To share, name accounts in a bucket policy.";

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  ...metaOf("s3-no-public-acl"),
  reads: (type) => Object.hasOwn(ACLS, type),
  evaluateResource: (resource) => {
    const { urn, type } = resource;
    if (isInSyncedFolder(urn)) return []; // One finding for all of its objects: s3-no-public-folder.
    const [access, fix] =
      type === LIGHTSAIL
        ? ["access", `Leave ${named(resource, "accessRules")} out: without them, only the owner has access.`]
        : ["ACL", FIX];
    return verdictFindings(
      urn,
      `The ${access} of ${quoted(urn)}`,
      ACLS[type]?.(resource) ?? NOT_PUBLIC,
      ({ by }) =>
        PROPERTIES.some(resource.isSecret)
          ? said("public-acl-secret", urn, { access }, [fix])
          : said("public-acl", urn, { access, by: by.join(" and ") }, [fix]),
      [fix],
    );
  },
};
