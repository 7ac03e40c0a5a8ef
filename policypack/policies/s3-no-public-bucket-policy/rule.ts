import { isObject, UNKNOWN } from "../../lib/values";
import { pinning, type AttachedTo } from "./conditions";
import { printable, repeatedKey, textOf } from "../../lib/json-text";
import { isFixed, listOf, Malformed, members } from "./text";

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
export type Verdict =
  | { kind: "not-public" }
  | { kind: "public"; statements: OpenStatement[] }
  | { kind: "unknown"; reason: string }
  | { kind: "unreadable"; reason: string };

export interface OpenStatement {
  /** Where it is in the list; 0 for a statement that isn't in one. */
  index: number;
  sid?: string;
  /** Goes on after the statement's name: "lets everyone in, with no condition". */
  reason: string;
}

/** Evaluates one document. Never throws. Of several statements the worst decides: public, unreadable, unknown. */
export function evaluateDocument(document: unknown, attachedTo: AttachedTo): Verdict {
  try {
    return evaluateStatements(statementsOf(document), attachedTo);
  } catch (error) {
    if (error instanceof Malformed) return { kind: "unreadable", reason: `the policy ${error.message}` };
    throw error;
  }
}

/**
 * The verdict on a document that is a secret: which statement it is, and no name or value that is in it. A reason begins
 * with the statement that it is about, or is about the whole and quotes at most a name that is given twice.
 */
export function withoutQuotes(verdict: Verdict): Verdict {
  const secret = "the policy is a secret, so nothing in it is quoted";
  switch (verdict.kind) {
    case "not-public":
      return verdict;
    case "public":
      return {
        kind: "public",
        statements: verdict.statements.map(({ index }) => ({ index, reason: `is public; ${secret}` })),
      };
    case "unreadable":
      return { kind: "unreadable", reason: `${statementIn(verdict.reason) ?? "it"} is not valid; ${secret}` };
    case "unknown": {
      const statement = statementIn(verdict.reason);
      return statement === undefined
        ? verdict
        : { kind: "unknown", reason: `${statement} has a part that is not known yet; ${secret}` };
    }
  }
}

function statementIn(reason: string): string | undefined {
  return /^Statement\[\d+\]/.exec(reason)?.[0];
}

function evaluateStatements(statements: readonly unknown[] | typeof UNKNOWN, attachedTo: AttachedTo): Verdict {
  if (statements === UNKNOWN) return { kind: "unknown", reason: "the policy is not known yet" };
  const evaluated = statements.map((statement, index) => ({
    ...evaluateStatement(statement, attachedTo),
    named: { index, ...sidOf(statement) },
  }));
  const open = evaluated.filter(({ kind }) => kind === "open");
  if (open.length > 0) {
    return { kind: "public", statements: open.map(({ named, reason }) => ({ ...named, reason })) };
  }
  const first = evaluated.find(({ kind }) => kind === "unreadable") ?? evaluated.find(({ kind }) => kind === "unknown");
  if (first === undefined) return { kind: "not-public" };
  const { index, sid } = first.named;
  const name = `Statement[${index}]${sid === undefined ? "" : ` (${sid})`}`;
  return { kind: first.kind === "unknown" ? "unknown" : "unreadable", reason: `${name} ${first.reason}` };
}

/** @throws Malformed if it isn't a policy document. */
function statementsOf(document: unknown): readonly unknown[] | typeof UNKNOWN {
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
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Malformed("is not JSON"); // The parser's own message quotes the document.
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new Malformed(`gives ${printable(repeated)} twice`);
  return document;
}

interface Outcome {
  kind: "closed" | "open" | "unknown" | "unreadable";
  /** Goes on after the statement's name. */
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
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof Malformed) return { kind: "unreadable", reason: error.message };
    throw error;
  }
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
  const pinned = pinning(element("condition"), attachedTo);
  if (who === "fixed" || pinned.pins === "yes") return CLOSED;
  if (who === UNKNOWN) return notKnown("has a Principal that is");
  if (pinned.pins === "unknown") return notKnown(`${who}, under a condition (${pinned.what}) that is`);
  return { kind: "open", reason: `${who}, ${lackOf(pinned.reasons)}` };
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
const FIXABLE = new Set(["aws", "canonicaluser", "service"]);

/** "fixed", or what is said of the first that isn't. */
function whoOf(principal: unknown): string | typeof UNKNOWN {
  if (principal === undefined) throw new Malformed("has no Principal");
  const byType = isObject(principal) ? [...members(principal).values()] : [{ name: "AWS", value: principal }];
  const all = byType.flatMap(({ name, value }) => listOf(value).map((one) => ({ type: name, one })));
  if (all.length === 0) throw new Malformed("has a Principal that names nobody");
  const open = all.filter(({ type, one }) => !canBeFixed(type, one));
  if (open.some(({ one }) => one === "*")) return "lets everyone in";
  if (open[0] !== undefined) return `lets in ${described(open[0].type)}`;
  return all.some(({ one }) => one === UNKNOWN) ? UNKNOWN : "fixed";
}

function canBeFixed(type: string, principal: unknown): boolean {
  if (!FIXABLE.has(type.toLowerCase())) return false;
  return principal === UNKNOWN || isFixed(textOf(principal) ?? "");
}

function described(type: string): string {
  return FIXABLE.has(type.toLowerCase()) ? "principals that aren't fixed" : `${printable(type)} principals`;
}

function sidOf(statement: unknown): { sid?: string } {
  if (!isObject(statement)) return {};
  const sid = Object.entries(statement).find(([name]) => name.toLowerCase() === "sid")?.[1];
  return typeof sid === "string" && sid !== "" ? { sid: printable(sid) } : {};
}
