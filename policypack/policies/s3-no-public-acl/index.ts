import { named } from "../../adapters/fixes";
import { quoted, said } from "../../findings/finding";
import { lines } from "../../findings/sentences.json";
import { filled } from "../../lib/case";
import type { ResourcePolicy } from "../../policy/definition";
import { verdictFindings } from "../verdict";
import { metaOf } from "../meta";
import { isInSyncedFolder } from "../s3-no-public-folder";
import { evaluateAcls, isWriter, waysOf } from "./resources";

/** No ACL grants anything to everyone, or to everyone with an AWS account. */
export const s3NoPublicAcl: ResourcePolicy = {
  ...metaOf("s3-no-public-acl"),
  reads: (type) => waysOf(type) !== undefined,
  evaluateResource: (resource) => {
    const { urn, type } = resource;
    if (isInSyncedFolder(urn)) return []; // One finding for all of its objects: s3-no-public-folder.
    const properties = Object.keys(waysOf(type) ?? {}).map((way) => way.split(/\W/)[0] ?? way);
    const [access, fix] = properties.includes("accessRules")
      ? ["access", filled(lines["access-rules"], { accessRules: named(resource, "accessRules") })]
      : isWriter(type)
        ? ["object ACL", lines["acl-of-service"]]
        : ["ACL", lines.acl];
    return verdictFindings(
      urn,
      `The ${access} of ${quoted(urn)}`,
      evaluateAcls(resource),
      ({ by }) =>
        properties.some(resource.isSecret)
          ? said("public-acl-secret", urn, { access }, [fix])
          : said("public-acl", urn, { access, by: by.join(" and ") }, [fix]),
      [fix],
    );
  },
};
