import { type Finding, fix, quoted, said } from "../../findings/finding";
import { byUrn, groupBy } from "../../lib/lists";
import type { StackPolicy } from "../../policy/definition";
import { metaOf } from "../meta";
import { type AclVerdict, evaluateCannedAcl, worstAcl } from "../s3-no-public-acl/rule";
import { verdictFindings } from "../verdict";

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
  const verdict = worst.kind === "unreadable" ? { kind: "public" as const, by: ["an ACL that can't be read"] } : worst;
  const bad = verdicts.filter(({ kind }) => kind === "public" || kind === "unreadable").length;
  const count = bad === 1 ? "1 object" : `${bad} objects`;
  return verdictFindings(urn, `Synced folder ${quoted(urn)}`, verdict, ({ by }) => (program) => {
    const { setting, text } = program();
    const fixes = [fix("upload-privately", [setting("acl", text("private"))])];
    return said("public-folder", urn, { count, by: by.join(" and ") }, fixes);
  });
}
