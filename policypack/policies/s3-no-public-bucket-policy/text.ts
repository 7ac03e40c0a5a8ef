/** What is wrong with a statement or a document, in words that follow its name ("Statement[0] has no Effect"). */
export class Malformed extends Error {}

/**
 * The properties of an object by lower-case name, with the name as it was written. IAM takes condition operators and
 * condition keys in any case, and a name that is read where IAM would refuse it can only make the verdict stricter.
 * `null` and `undefined` count as not given.
 *
 * @throws Malformed if two names differ in nothing but case: which of them counts is anyone's guess.
 */
export function members(object: object): Map<string, { name: string; value: unknown }> {
  const found = new Map<string, { name: string; value: unknown }>();
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    if (value === undefined || value === null) continue;
    const folded = name.toLowerCase();
    if (found.has(folded)) throw new Malformed(`gives ${printable(name)} twice`);
    found.set(folded, { name, value });
  }
  return found;
}

/** IAM takes one value where it takes a list. A place left empty in a list is `undefined`. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? Array.from(value as unknown[]) : [value];
}

/** A value as IAM compares it, numbers and booleans as strings; `undefined` for what can't be a value. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** Whether a value means one thing: it has no wildcard and no policy variable, and something is left of it. */
export function isFixed(text: string): boolean {
  return text.trim() !== "" && !/[*?]|\$\{/.test(text);
}

/** A name out of a document, fit for a message: on one line, not too long, and free of control sequences. */
export function printable(name: string): string {
  const head = name.slice(0, 64).replace(/[^ -~]/g, "?");
  return head.length < name.length ? `${head}...` : head;
}

/** A key that a valid JSON text gives twice in one object. `JSON.parse` keeps the last one without a word. */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []; // the keys of each object, and an unused set for each list
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === "{" || character === "[") open.push(new Set());
    else if (character === "}" || character === "]") open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      if (isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (" \t\r\n".includes(json[at] ?? "end")) at++;
  return json[at] === ":";
}
