import type { Resource } from "../../engine/resource";
import type { Exempted } from "../../exemptions/entry";
import { metaOf } from "../meta";
import { ACLS } from "../s3-no-public-acl/resources";
import { DOCUMENTS, verdictOf } from "../s3-no-public-bucket-policy/resources";
import { BLOCK } from "../../aws/types";
import type { Bucket, Assessment } from "./rule";

/*
 * A bucket that must be public is so by more than its flags: by a policy, or an ACL. At a first preview these are often not
 * known, so that the preview passes and the update breaks off half-way. Whoever exempts the bucket is told of them at once.
 */

/** Finds, in one pass over the stack, what the other policies refuse of an open bucket, or may refuse in the update. */
export function alsoExempt(
  resources: readonly Resource[],
): (bucket: Bucket, assessment: Assessment, resource: Resource | undefined) => Exempted[] {
  let index: ReadonlyMap<unknown, readonly Resource[]> | undefined;
  return (bucket, assessment, resource) => {
    index ??= byBucket(resources);
    const attached = new Set([
      ...(resource === undefined ? [] : [resource]),
      ...(index.get(bucket.urn) ?? []),
      ...(typeof bucket.name === "string" ? (index.get(bucket.name) ?? []) : []),
    ]);
    const weak = assessment.kind === "weak" ? assessment.blocks.filter(({ urn }) => urn !== bucket.urn) : [];
    return [
      ...weak.map(({ urn }) => ({ policy: metaOf("s3-public-access-block-flags").name, urn })),
      ...[...attached].flatMap(refused).sort((one, other) => (one.urn < other.urn ? -1 : 1)),
    ];
  };
}

/** What may be public of its own, by the bucket's URN and by its name. */
function byBucket(resources: readonly Resource[]): Map<unknown, Resource[]> {
  const index = new Map<unknown, Resource[]>();
  for (const resource of resources) {
    if (resource.type === BLOCK || !resource.inThisRun) continue;
    if (!Object.hasOwn(ACLS, resource.type) && !Object.hasOwn(DOCUMENTS, resource.type)) continue;
    for (const key of [...resource.references("bucket"), resource.read("bucket")]) {
      const list = index.get(key);
      if (list === undefined) index.set(key, [resource]);
      else list.push(resource);
    }
  }
  return index;
}

/** By its inputs, as the policies evaluate it: at a preview all that the provider computes is unknown. */
function refused(told: Resource): Exempted[] {
  const resource = told.isWithoutInputs ? told : { ...told, read: told.input };
  const { urn, type } = resource;
  const acl = ACLS[type]?.(resource).kind ?? "not-public";
  const attached = DOCUMENTS[type];
  const document = attached === undefined ? "not-public" : verdictOf(resource, attached).kind;
  return [
    ...(document === "not-public" ? [] : [{ policy: metaOf("s3-no-public-bucket-policy").name, urn }]),
    ...(acl === "not-public" ? [] : [{ policy: metaOf("s3-no-public-acl").name, urn }]),
  ];
}
