import type { Resource } from "../engine/resource";
import { property } from "../lib/values";
import { type Allow, allowsOf, allowsOfIdentity } from "./allows";
import { managedReaders, rolesOfPools, trustPolicies } from "./ways.json";

const READS = ["s3:GetObject", "s3:ListBucket"];
/** Resources that give a policy to a role, the role itself left out. */
const ATTACHMENT = /^aws:iam\/(?:rolePolicy|policy)Attachment(?:sExclusive)?:/;
export const isAttachment = (type: string): boolean => ATTACHMENT.test(type);

/** The places of the policies in roles that say who may act as them. */
const TRUST: Readonly<Record<string, string>> = trustPolicies;
export const isRole = (type: string): boolean => Object.hasOwn(TRUST, type);
export const trustOf = ({ type, read }: Resource): Allow[] => allowsOf(read(TRUST[type] ?? ""));
export const isPool = (type: string): boolean => rolesOfPools.includes(type);

/** The texts at properties, and the resources that they come from. */
export function keysOf({ references, read }: Resource, ...keys: string[]): string[] {
  const all = keys.flatMap((key) => [...references(key), read(key)]).flat();
  return all.filter((each) => typeof each === "string");
}

/** Roles and policies that read S3, by URN and name. */
export function readersIn(resources: readonly Resource[]): ReadonlySet<string> {
  const readers = new Set<string>();
  const isReader = (arn: string): boolean =>
    readers.has(arn) || managedReaders.some((name) => arn.endsWith(`/${name}`));
  // Attachments come last.
  const inOrder = resources.toSorted((one, other) => Number(isAttachment(one.type)) - Number(isAttachment(other.type)));
  for (const each of inOrder) {
    const reads = allowsOfIdentity(each).some(({ allows }) => READS.some(allows));
    if (!reads && !keysOf(each, "policyArn", "policyArns", "managedPolicyArns").some(isReader)) continue;
    for (const key of [each.urn, ...keysOf(each, "role", "roleName", "roles")]) readers.add(key);
  }
  return readers;
}

/** The roles that pools give to guests, by URN and ARN, as far as the program shows it: which of two nothing tells by its URN. */
export function guestsIn(resources: readonly Resource[]): ReadonlySet<unknown> {
  const pools = resources.filter(({ type }) => isPool(type));
  const guests = pools.flatMap(({ read, references }) => {
    const [guest, user] = ["unauthenticated", "authenticated"].map((key) => property(read("roles"), key));
    return guest === undefined ? [] : [guest, ...(user === undefined ? references("roles") : [])];
  });
  return new Set(guests.filter((each) => typeof each === "string"));
}
