import type { Resource } from "../../engine/resource";
import { type Finding, fix, quoted, said, unverified } from "../../findings/finding";
import type { StackPolicy } from "../../policy/definition";
import { evaluateCannedAcl } from "../s3-no-public-acl/rule";
import { metaOf } from "../meta";
import type { Language } from "../../languages";

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
    const folders = new Map<string, Resource[]>();
    for (const resource of resources.filter(({ urn }) => isInSyncedFolder(urn))) {
      const { parent = resource.urn } = resource;
      const objects = folders.get(parent);
      if (objects === undefined) folders.set(parent, [resource]);
      else objects.push(resource);
    }
    return [...folders].flatMap(([urn, objects]) => evaluateFolder(urn, objects));
  },
};

function evaluateFolder(urn: string, objects: readonly Resource[]): Finding[] {
  const verdicts = objects.map(({ read }) => evaluateCannedAcl(read("acl")));
  const bad = verdicts.filter(({ kind }) => kind === "public" || kind === "unreadable");
  const [first] = bad;
  if (first !== undefined) {
    const why = first.kind === "public" ? first.by.join(" and ") : "an ACL that can't be read";
    const count = bad.length === 1 ? "1 object" : `${bad.length} objects`;
    return [
      {
        urn,
        said: (program) =>
          said("public-folder", urn, { count, by: why }, [fix("upload-privately", [privately(program())])]),
      },
    ];
  }
  const unknown = verdicts.filter(({ kind }) => kind === "unknown").length;
  if (unknown === 0) return [];
  return [
    {
      ...{ urn, isNote: true },
      said: unverified(`Synced folder ${quoted(urn)}`, "the canned ACL of its objects is not known yet"),
    },
  ];
}

function privately({ setting, text }: Language): string {
  return setting("acl", text("private"));
}
