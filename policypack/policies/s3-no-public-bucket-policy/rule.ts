import { parseJson, printable, repeatedKey, textOf } from "../../lib/json-text";
import { isObject, UNKNOWN } from "../../lib/values";
import { NOT_PUBLIC, type Verdict } from "../verdict";
import { pinningsOf, type AttachedTo } from "./conditions";
import { isFixed, listOf, Malformed, members, unlessMalformed } from "./text";

/**
 * Whether a bucket's or an access point's policy is public, by AWS's own definition: "The meaning of 'public'" in
 * "Blocking public access to your Amazon S3 storage", Amazon S3 User Guide. S3 takes a policy for public until each
 * Allow lets in fixed principals only, or is pinned to them by its conditions (conditions.ts).
 *
 * PASS     - no Allow statement: a Deny lets nobody in, whatever is in it
 *          - an Allow whose principals are all fixed: `AWS`, `CanonicalUser` or `Service`, without a wildcard
 *          - an Allow to anyone that a condition pins to fixed values
 *          - nothing at all: an empty text, or `{}`, which is how an access point's policy is taken away
 * FAIL     - an Allow to `*` (bare, under a type, or in a list), to an ARN with a wildcard, which IAM refuses anyway,
 *            or to `Federated` identities, which are in none of the guide's groups of fixed principals
 *          - an Allow with NotPrincipal, whatever its conditions: that is everyone else, and IAM doesn't support it
 *          - what S3 couldn't read: text that isn't JSON, a name given twice, no Statement, no Effect, no Principal
 * UNKNOWN  what isn't known yet decides, and no other statement fails
 *
 * Actions and resources don't matter: S3 looks at neither ("s3:NotASupportedAction" is public too).
 * The document is the JSON text, or the object that a program gave for it; UNKNOWN may be anywhere in it. Names of
 * elements are read in any case. It is only read, by own properties, and never searched deeper than IAM's grammar goes.
 */
export type PolicyVerdict = Verdict<{ readonly statements: readonly OpenStatement[] }>;

export interface OpenStatement {
  /** Its index in the list; 0 for a statement that isn't in one. */
  readonly index: number;
  readonly sid?: string;
  /** Follows the statement's name: "lets everyone in, with no condition". */
  readonly reason: string;
}

const SECRET = "the policy is a secret, so nothing in it is quoted";

/**
 * Evaluates one document. Never throws. Of several statements the worst decides: public, unreadable, unknown.
 * @param isSecret whether the verdict names no more than the places of statements, and no name or value that is in them
 */
export function evaluateDocument(document: unknown, attachedTo: AttachedTo, isSecret = false): PolicyVerdict {
  return unlessMalformed<PolicyVerdict>(
    () => evaluateStatements(document, attachedTo, isSecret),
    (reason) => ({ kind: "unreadable", reason: isSecret ? `it is not valid; ${SECRET}` : `the policy ${reason}` }),
  );
}

function evaluateStatements(document: unknown, attachedTo: AttachedTo, isSecret: boolean): PolicyVerdict {
  const statements = statementsOf(document);
  if (statements === UNKNOWN) return { kind: "unknown", reason: "the policy is not known yet" };
  const evaluated = statements.map((statement, index) => ({
    ...evaluateStatement(statement, attachedTo),
    place: { index, ...(isSecret ? {} : sidOf(statement)) },
  }));
  const open = evaluated.filter(({ kind }) => kind === "open");
  if (open.length > 0) {
    const reasonOf = ({ reason }: Outcome): string => (isSecret ? `is public; ${SECRET}` : reason);
    return { kind: "public", statements: open.map((each) => ({ ...each.place, reason: reasonOf(each) })) };
  }
  const first = evaluated.find(({ kind }) => kind === "unreadable") ?? evaluated.find(({ kind }) => kind === "unknown");
  if (first === undefined) return NOT_PUBLIC;
  const kind = first.kind === "unknown" ? "unknown" : "unreadable";
  const { index, sid } = first.place;
  const secret = `${kind === "unknown" ? "has a part that is not known yet" : "is not valid"}; ${SECRET}`;
  const name = `Statement[${index}]${sid === undefined ? "" : ` (${sid})`}`;
  return { kind, reason: `${name} ${isSecret ? secret : first.reason}` };
}

/** @throws Malformed if it isn't a policy document. */
export function statementsOf(document: unknown): readonly unknown[] | typeof UNKNOWN {
  const read = typeof document === "string" ? parse(document) : document;
  if (read === UNKNOWN) return UNKNOWN;
  if (!isObject(read)) throw new Malformed("is not a JSON object");
  const elements = members(read);
  if (elements.size === 0) return [];
  const statements = elements.get("statement")?.value;
  if (statements === undefined) throw new Malformed("has no Statement");
  return statements === UNKNOWN ? UNKNOWN : listOf(statements);
}

function parse(text: string): unknown {
  if (text.trim() === "") return {};
  const document = parseJson(text);
  if (document === undefined) throw new Malformed("is not JSON");
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new Malformed(`gives ${printable(repeated)} twice`);
  return document;
}

interface Outcome {
  kind: "closed" | "open" | "unknown" | "unreadable";
  /** Follows the statement's name. */
  reason: string;
}

const CLOSED: Outcome = { kind: "closed", reason: "" };

function evaluateStatement(statement: unknown, attachedTo: AttachedTo): Outcome {
  return orUnreadable(() => {
    if (statement === UNKNOWN) return notKnown("is");
    if (!isObject(statement)) throw new Malformed("is not a JSON object");
    const elements = members(statement);
    const element = (name: string): unknown => elements.get(name)?.value;
    const effect = effectOf(element("effect"));
    if (effect === "deny") return CLOSED;
    const allowed = orUnreadable(() => evaluateAllow(element, attachedTo));
    if (effect === "allow" || allowed.kind === "closed") return allowed;
    return notKnown("has an Effect that is");
  });
}

function orUnreadable(evaluate: () => Outcome): Outcome {
  return unlessMalformed(evaluate, (reason) => ({ kind: "unreadable", reason }));
}

function effectOf(effect: unknown): "allow" | "deny" | typeof UNKNOWN {
  if (effect === UNKNOWN) return UNKNOWN;
  const folded = typeof effect === "string" ? effect.toLowerCase() : undefined;
  if (folded === "allow" || folded === "deny") return folded;
  throw new Malformed(effect === undefined ? "has no Effect" : "has an Effect that is neither Allow nor Deny");
}

/** @throws Malformed if it doesn't say whom it lets in. */
function evaluateAllow(element: (name: string) => unknown, attachedTo: AttachedTo): Outcome {
  if (element("notprincipal") !== undefined) {
    return { kind: "open", reason: "lets everyone in but those in NotPrincipal" };
  }
  const who = whoOf(element("principal"));
  const conditions = pinningsOf(element("condition"), attachedTo);
  if (who === "fixed" || conditions.some(({ pins }) => pins === "yes")) return CLOSED;
  if (who === UNKNOWN) return notKnown("has a Principal that is");
  const unknown = conditions.find(({ pins }) => pins === "unknown");
  if (unknown !== undefined) return notKnown(`${who}, under a condition (${unknown.name}) that is`);
  return { kind: "open", reason: `${who}, ${lackOf(conditions.map(({ name, lack }) => `${name} ${lack}`))}` };
}

function notKnown(what: string): Outcome {
  return { kind: "unknown", reason: `${what} not known yet` };
}

function lackOf(reasons: readonly string[]): string {
  if (reasons.length === 0) return "with no condition";
  const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : "";
  return `and no condition pins that to fixed values: ${reasons.slice(0, 3).join("; ")}${more}`;
}

/** The types of principals that can be fixed. Names of types are read in any case. */
const isFixable = (type: string): boolean => ["aws", "canonicaluser", "service"].includes(type.toLowerCase());

/** "fixed", or what is said of the first that isn't. */
function whoOf(principal: unknown): string | typeof UNKNOWN {
  if (principal === undefined) throw new Malformed("has no Principal");
  const byType = isObject(principal) ? [...members(principal).values()] : [{ name: "AWS", value: principal }];
  const all = byType.flatMap(({ name, value }) => listOf(value).map((one) => ({ type: name, one })));
  if (all.length === 0) throw new Malformed("has a Principal that names nobody");
  const open = all.filter(({ type, one }) => !isFixable(type) || (one !== UNKNOWN && !isFixed(textOf(one) ?? "")));
  if (open.some(({ one }) => one === "*")) return "lets everyone in";
  const [first] = open;
  if (first !== undefined)
    return `lets in ${isFixable(first.type) ? "principals that aren't fixed" : `${printable(first.type)} principals`}`;
  return all.some(({ one }) => one === UNKNOWN) ? UNKNOWN : "fixed";
}

function sidOf(statement: unknown): { sid?: string } {
  if (!isObject(statement)) return {};
  const sid = Object.entries(statement).find(([name]) => name.toLowerCase() === "sid")?.[1];
  return typeof sid === "string" && sid !== "" ? { sid: printable(sid) } : {};
}
