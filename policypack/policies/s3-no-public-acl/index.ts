import { named } from "../../adapters/fixes";
import type { Resource } from "../../engine/resource";
import { quoted, said } from "../../findings/finding";
import { lines } from "../../findings/sentences.json";
import { filled } from "../../lib/case";
import { valuesAt } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { verdictFindings } from "../verdict";
import { metaOf } from "../meta";
import { isInSyncedFolder } from "../s3-no-public-folder";
import { aclsOfS3, aclsOfServices } from "../ways.json";
import { evaluateAccessControlPolicy, evaluateAccessRules, evaluateCannedAcl, evaluateGrants } from "./rule";
import { evaluateGroup, evaluateRevocationList, evaluateSettings, worstAcl, type AclVerdict } from "./rule";

const EVALUATE = {
  canned: evaluateCannedAcl,
  grants: evaluateGrants,
  policy: evaluateAccessControlPolicy,
  rules: evaluateAccessRules,
  group: evaluateGroup,
  list: evaluateRevocationList,
  settings: evaluateSettings,
};

/** The places and kinds of ACLs: `s3[].cannedAcl` is the `cannedAcl` of an object in the list `s3`. */
type Ways = Readonly<Record<string, Readonly<Record<string, keyof typeof EVALUATE>>>>;

/** By the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.yaml). */
const WAYS = { ...aclsOfS3, ...aclsOfServices } as Ways;
export const waysOf = (type: string): Ways[string] | undefined => (Object.hasOwn(WAYS, type) ? WAYS[type] : undefined);

/**
 * Whether it is a service's, which gives what it writes to S3 an ACL. Where a public access block is on, S3 refuses the write ("Blocking
 * public access to your Amazon S3 storage": PUT Object calls fail if the request includes a public ACL), so that the service fails instead.
 */
const isWriter = (type: string): boolean => Object.hasOwn(aclsOfServices, type);

export function evaluateAcls({ type, read }: Resource): AclVerdict {
  // Of other engines' endpoints the attributes are about no bucket.
  const engine = type.includes(":dms") ? read("engineName") : undefined;
  if (typeof engine === "string" && engine.toLowerCase() !== "s3") return worstAcl([]);
  const verdicts = Object.entries(waysOf(type) ?? {}).flatMap(([way, kind]) => {
    const values = way.includes(".") ? valuesAt(read, way) : [read(way)];
    return values.map((value) => EVALUATE[kind](value));
  });
  return worstAcl(verdicts);
}

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
