import { textOf } from "../lib/json-text";
import { isObject, valuesAt } from "../lib/values";
import type { Resource } from "../engine/resource";
import { documentIn } from "./s3-no-public-bucket-policy/resources";
import { statementsOf } from "./s3-no-public-bucket-policy/rule";
import { listOf, members, unlessMalformed } from "./s3-no-public-bucket-policy/text";
import { identityPolicies } from "./ways.json";

/** An Allow of a policy document, as far as it is known. */
export interface Allow {
  /** The names of principals by their type in lower case; those of the account's own kind are "aws". */
  readonly principals: ReadonlyMap<string, readonly string[]>;
  readonly allows: (action: string) => boolean;
  readonly condition: unknown;
  /** The values of a condition's keys, by operator and key in lower case: "stringequals aws:sourceaccount". */
  readonly conditions: ReadonlyMap<string, readonly unknown[]>;
}

/**
 * The Allows of a document. The policies that ask are advisory, and take only what the program shows: `s3-no-public-bucket-policy`
 * reports a document that is unknown or can't be read, and the update evaluates it again.
 */
export function allowsOf(document: unknown): Allow[] {
  const orNone = (read: () => Allow[]): Allow[] => unlessMalformed(read, () => []);
  return orNone(() => {
    const statements = statementsOf(document);
    return Array.isArray(statements) ? statements.flatMap((statement) => orNone(() => allowIn(statement))) : [];
  });
}

const known = new WeakMap<Resource, Allow[]>();

/** Of a bucket's policy and the like, for the policies that ask, one after the other. Nothing of a secret is shown. */
export function allowsIn(resource: Resource): Allow[] {
  const remembered = known.get(resource);
  if (remembered !== undefined) return remembered;
  const { document, isSecret } = documentIn(resource);
  const allows = document === undefined || document === null || isSecret() ? [] : allowsOf(document);
  known.set(resource, allows);
  return allows;
}

/** Where the policies of identities are. */
const IDENTITIES: Readonly<Record<string, string>> = identityPolicies;

export const isIdentityPolicy = (type: string): boolean => Object.hasOwn(IDENTITIES, type);

/** Of the policies that an identity has, or that it can be given. */
export function allowsOfIdentity({ type, read }: Resource): Allow[] {
  return valuesAt(read, IDENTITIES[type] ?? "").flatMap(allowsOf);
}

function allowIn(statement: unknown): Allow[] {
  if (!isObject(statement)) return [];
  const elements = members(statement);
  const element = (name: string): unknown => elements.get(name)?.value;
  if (textOf(element("effect"))?.toLowerCase() !== "allow") return [];
  const texts = (value: unknown): string[] => listOf(value).flatMap((each) => textOf(each) ?? []);
  const principal = element("principal");
  const types = isObject(principal) ? [...members(principal).values()] : [{ name: "AWS", value: principal }];
  const [actions, others] = [texts(element("action")), texts(element("notaction"))];
  const condition = element("condition");
  const conditions = [...members(isObject(condition) ? condition : {})].flatMap(([operator, { value: keys }]) =>
    [...members(isObject(keys) ? keys : {})].map(([key, { value }]) => [`${operator} ${key}`, listOf(value)] as const),
  );
  return [
    {
      principals: new Map(types.map(({ name, value }) => [name.toLowerCase(), texts(value)])),
      allows: (action) => (others.length > 0 ? !others.some(isLike(action)) : actions.some(isLike(action))),
      condition,
      conditions: new Map(conditions),
    },
  ];
}

/** Whether a pattern of an Action takes an action. Each part is looked for once, so that no pattern takes long. */
function isLike(action: string): (pattern: string) => boolean {
  return (pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[^\w?]/g, "\\$&").replaceAll("?", "."));
    let rest: string | undefined = action;
    for (const [at, part] of parts.entries()) {
      const source = (at === 0 ? "^" : "") + part + (at === parts.length - 1 ? "$" : "");
      const found = new RegExp(source, "i").exec(rest);
      if (found === null) return false;
      rest = rest.slice(found.index + found[0].length);
    }
    return true;
  };
}
