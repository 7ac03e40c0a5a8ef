import { BLOCK } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import type { Exempted } from "../../exemptions/entry";
import { append, byUrn } from "../../lib/lists";
import { metaOf, type PolicyName } from "../meta";
import { evaluateAcls, waysOf } from "../s3-no-public-acl/resources";
import { hasDocument, verdictOf } from "../s3-no-public-bucket-policy/resources";
import type { Verdict } from "../verdict";
import type { Assessment, Bucket } from "./rule";

/*
 * A bucket that must be public is so by more than its flags: by a policy, or an ACL. At a first preview these are often not
 * known, so that the preview passes and the update breaks off half-way. Whoever exempts the bucket sees them at once.
 */

/** Finds, in one pass over the stack, what the other policies refuse of an open bucket, or may refuse in the update. */
export function alsoExempt(
  resources: readonly Resource[],
): (bucket: Bucket, assessment: Assessment, resource: Resource | undefined) => Exempted[] {
  let index: ReadonlyMap<unknown, readonly Resource[]> | undefined;
  return ({ urn, name }, { kind, blocks }, resource) => {
    index ??= byBucket(resources);
    const keys = typeof name === "string" ? [urn, name] : [urn];
    const attached = new Set([...(resource ? [resource] : []), ...keys.flatMap((key) => index?.get(key) ?? [])]);
    const weak = kind === "weak" ? blocks.filter((block) => block.urn !== urn) : [];
    return [
      ...weak.map((block) => ({ policy: metaOf("s3-public-access-block-flags").name, urn: block.urn })),
      ...[...attached].sort(byUrn).flatMap(refused),
    ];
  };
}

/** What may be public of its own, by the bucket's URN and by its name. */
function byBucket(resources: readonly Resource[]): ReadonlyMap<unknown, readonly Resource[]> {
  const index = new Map<unknown, [Resource, ...Resource[]]>();
  for (const resource of resources) {
    if (resource.type === BLOCK || !resource.inThisRun) continue;
    if (waysOf(resource.type) === undefined && !hasDocument(resource.type)) continue;
    for (const key of [...resource.references("bucket"), resource.read("bucket")]) append(index, key, resource);
  }
  return index;
}

/** By its inputs, as the policies evaluate it: at a preview all that the provider computes is unknown. */
function refused(stored: Resource): Exempted[] {
  const resource = stored.isWithoutInputs ? stored : { ...stored, read: stored.input };
  const verdicts = { "s3-no-public-bucket-policy": verdictOf(resource), "s3-no-public-acl": evaluateAcls(resource) };
  const refusing = Object.entries(verdicts satisfies Partial<Record<PolicyName, Verdict>>).filter(
    ([, { kind }]) => kind !== "not-public",
  );
  return refusing.map(([policy]) => ({ policy, urn: resource.urn }));
}
