/* What JSON texts and their values say, wherever they come from. */

/** Undefined for what isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A value as IAM and CloudFormation compare it, numbers and booleans as strings; `undefined` for what can't be a value. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A name out of a document, fit for a message: on one line, not too long, and free of control sequences. */
export function printable(name: string): string {
  const head = name.slice(0, 64).replace(/[^ -~]/g, "?");
  return head.length < name.length ? `${head}...` : head;
}

/** A key that a valid JSON text gives twice in one object. `JSON.parse` keeps the last one without a word. */
export function repeatedKey(json: string): string | undefined {
  const open: Set<string>[] = []; // the keys of each object, and an unused set for each list
  for (const [token, text, isKey] of json.matchAll(/[{}[\]]|("(?:[^"\\]+|\\.)*")(\s*:)?/g)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (isKey !== undefined) {
      const [key, keys] = [JSON.parse(text ?? "") as string, open.at(-1)];
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
