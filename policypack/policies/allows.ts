import { textOf } from "../lib/json-text";
import { memoized } from "../lib/lists";
import { isObject, valuesAt } from "../lib/values";
import type { Resource } from "../engine/resource";
import { documentIn } from "./s3-no-public-bucket-policy/resources";
import { statementsOf } from "./s3-no-public-bucket-policy/rule";
import { listOf, members, unlessMalformed } from "./s3-no-public-bucket-policy/text";
import { identityPolicies } from "./ways.json";

/** An Allow of a policy document, as far as it is known. */
export type Allow = Readonly<ReturnType<typeof allowIn>[number]>;

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

/** Of a bucket's policy and the like, for the policies that ask, one after the other. Nothing of a secret is shown. */
export const allowsIn = memoized((resource: Resource): Allow[] => {
  const { document, isSecret } = documentIn(resource);
  return document === undefined || document === null || isSecret() ? [] : allowsOf(document);
}, new WeakMap());

/** The places of policies in identities, by their type. */
const IDENTITIES: Readonly<Record<string, string>> = identityPolicies;

export const isIdentityPolicy = (type: string): boolean => Object.hasOwn(IDENTITIES, type);

/** Of the policies that an identity has, or that it can be given. */
export function allowsOfIdentity({ type, read }: Resource): Allow[] {
  return valuesAt(read, IDENTITIES[type] ?? "").flatMap(allowsOf);
}

function allowIn(statement: unknown) {
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
      /** The names of principals by their type in lower case; those of the account's own kind are "aws". */
      principals: new Map(types.map(({ name, value }) => [name.toLowerCase(), texts(value)])),
      allows: (action: string): boolean =>
        others.length > 0 ? !others.some(isLike(action)) : actions.some(isLike(action)),
      condition,
      /** The values of a condition's keys, by operator and key in lower case: "stringequals aws:sourceaccount". */
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
