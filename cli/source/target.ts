import { ACCOUNT_BLOCK, BLOCK, fixesOf, typeIn, UNKNOWNS } from "../../policypack/face";
import type { State, Step } from "../gate/output";
import { isByCannedAcl } from "./acl";
import type { Finding } from "../report/report";
import type { Wanted } from "./fix";

/** What fixes a finding, and the resource that it is about, which isn't always the finding's own. */
export interface Target {
  readonly urn: string;
  readonly wanted: Wanted;
}

/** The policies of this package's pack whose fix is a public access block, or properties of one. */
export const FIXED_HERE = new Set([
  "s3-bucket-public-access-block",
  "s3-public-access-block-flags",
  "s3-public-access-block-skip-destroy",
  "s3-account-public-access-block",
]);

const ACL_POLICIES = new Set(["s3-no-public-acl", "s3-no-public-folder"]);

/** Undefined for what isn't fixed here. */
export function targetOf({ policy, type, published, kind, urn }: Finding, steps: readonly Step[]): Target | undefined {
  if (kind === "violation" && ACL_POLICIES.has(policy)) {
    const step = steps.find((each) => each.urn === urn && each.after !== undefined);
    return isByCannedAcl(type, step) ? { urn, wanted: { kind: "private", properties: [] } } : undefined;
  }
  const fixes = published === undefined || !FIXED_HERE.has(policy) ? [] : fixesOf(published);
  const properties = [...new Set(fixes.flatMap((fix) => fix.properties))];
  if (properties.length === 0) return undefined;
  if (type === BLOCK || type === ACCOUNT_BLOCK) return { urn, wanted: { kind: "properties", properties } };
  if (!/^aws:s3\/bucket(V2)?:/.test(type)) return undefined;
  if (fixes.some((fix) => fix.kind === "add")) return { urn, wanted: { kind: "block", properties } };
  const [block, ...others] = blocksOf(urn, steps);
  return block === undefined || others.length > 0
    ? undefined
    : { urn: block, wanted: { kind: "properties", properties } };
}

/** The blocks that are made from the bucket, or have its name. */
function blocksOf(bucket: string, steps: readonly Step[]): string[] {
  const made = steps.find(({ urn, after }) => urn === bucket && after !== undefined);
  const name = made?.after?.inputs.bucket;
  const isKnown = typeof name === "string" && !UNKNOWNS.has(name);
  const targets = ({ inputs, propertyDependencies: { bucket: from } }: State): boolean =>
    Array.isArray(from) && from.length > 0 ? from.includes(bucket) : isKnown && inputs.bucket === name;
  return steps.flatMap(({ urn, after }) =>
    after !== undefined && typeIn(urn) === BLOCK && targets(after) ? [urn] : [],
  );
}
