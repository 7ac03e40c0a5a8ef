import { type Finding, fix, quoted, said, unverified } from "../../findings/finding";
import { byUrn, groupBy } from "../../lib/lists";
import type { StackPolicy } from "../../policy/definition";
import { metaOf } from "../meta";
import { type AclVerdict, evaluateCannedAcl, worstAcl } from "../s3-no-public-acl/rule";

/**
 * An object that @pulumi/synced-folder uploads: a child of the folder, for each file, with the one ACL of the folder
 * (s3-bucket-folder.ts of pulumi-synced-folder).
 */
const OBJECT = /(?:^|\$)synced-folder:index:S3BucketFolder\$aws:s3\/bucketObject(?:v2)?:BucketObject(?:v2)?$/;

/** By the types in the URN: a name may hold anything. */
export function isInSyncedFolder(urn: string): boolean {
  return OBJECT.test(urn.split("::")[2] ?? "");
}

/** No synced folder uploads its files with a public ACL. A folder of 300 files is one finding. */
export const s3NoPublicFolder: StackPolicy = {
  ...metaOf("s3-no-public-folder"),
  reads: (type) => /^aws:s3\/bucketObject(?:v2)?:/.test(type),
  evaluateStack: (resources) => {
    const objects = resources.filter(({ urn }) => isInSyncedFolder(urn)).sort(byUrn);
    return [...groupBy(objects, ({ urn, parent = urn }) => parent)].flatMap(([folder, inside]) =>
      evaluateFolder(
        folder,
        inside.map(({ read }) => evaluateCannedAcl(read("acl"))),
      ),
    );
  },
};

function evaluateFolder(urn: string, verdicts: readonly AclVerdict[]): Finding[] {
  const worst = worstAcl(verdicts);
  if (worst.kind === "not-public") return [];
  if (worst.kind === "unknown") {
    const reason = "the canned ACL of its objects is not known yet";
    return [{ urn, isNote: true, said: unverified(`Synced folder ${quoted(urn)}`, reason) }];
  }
  const bad = verdicts.filter(({ kind }) => kind === "public" || kind === "unreadable").length;
  const by = worst.kind === "public" ? worst.by.join(" and ") : "an ACL that can't be read";
  const facts = { count: bad === 1 ? "1 object" : `${bad} objects`, by };
  return [
    {
      urn,
      said: (program) => {
        const { setting, text } = program();
        return said("public-folder", urn, facts, [fix("upload-privately", [setting("acl", text("private"))])]);
      },
    },
  ];
}
