import type { Resource } from "../../engine/resource";
import { said } from "../../findings/finding";
import { property, valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { allowsIn } from "../allows";
import { metaOf } from "../meta";
import { DOCUMENTS } from "../s3-no-public-bucket-policy/resources";
import { replicas } from "../ways.json";

/** Those of Security Hub's S3.6, and those that change the block or an access point's policy. */
const ACTIONS = [
  ...["s3:DeleteBucketPolicy", "s3:PutBucketPolicy", "s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutAccessPointPolicy"],
  ...["s3:PutEncryptionConfiguration", "s3:PutBucketPublicAccessBlock", "s3:PutBucketOwnershipControls"],
];
const FIX = "Take that away, or list the account in the option trustedAccounts if it is yours.";
const DESTINATIONS: Readonly<Record<string, string>> = replicas;
const GRANT = /^aws:s3control\/accessGrant:|^aws-native:s3:AccessGrant$/;

/** What a resource gives to which principals, by their names. */
function given(resource: Resource): [what: string, how: string, to: unknown[]] {
  const { type, read } = resource;
  if (GRANT.test(type)) return ["The access grant", "reach the data", valuesAt(read, "grantee.granteeIdentifier")];
  if (Object.hasOwn(DESTINATIONS, type)) {
    const owners = valuesAt(read, DESTINATIONS[type] ?? "").filter((each) =>
      property(each, "accessControlTranslation"),
    );
    return ["The replication", "own the copies", owners.map((each) => property(each, "account"))];
  }
  const allows = allowsIn(resource).filter((allow) => ACTIONS.some(allow.allows));
  const to = allows.flatMap(({ principals }) => principals.get("aws") ?? []);
  return [`The ${DOCUMENTS[type]?.to ?? "bucket"} policy`, "change who has access", to];
}

export const s3NoForeignControl: StackPolicy = {
  ...metaOf("s3-no-foreign-control"),
  reads: (type) => Object.hasOwn(DOCUMENTS, type) || Object.hasOwn(DESTINATIONS, type) || GRANT.test(type),
  evaluateStack: (resources, { trustedAccounts }) =>
    resources.flatMap((resource) => {
      const { urn, provider } = resource;
      const [what, how, to] = given(resource);
      if (to.length === 0) return [];
      const own = `${String(trustedAccounts)} ${String(provider?.read("allowedAccountIds"))}`;
      const accounts = to.flatMap((name) => /^(?:arn:[^:]+:iam::)?(\d{12})(?::|$)/.exec(String(name))?.[1] ?? []);
      const foreign = [...new Set(accounts)].filter((account) => !own.includes(account)).join(", ");
      return foreign === ""
        ? []
        : [{ urn, said: said("foreign-control", urn, { what, how, accounts: foreign }, [FIX]) }];
    }),
};
