/** The lists in docs/public-access-properties.md, which tests read as data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const DOCUMENT = readFileSync(join(__dirname, "../../docs/public-access-properties.md"), "utf8");

export const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "");

const rowsOf = (pattern: RegExp): string[][] => [...DOCUMENT.matchAll(pattern)].map(([, ...parts]) => parts);

/** Resource types, their properties without the members of an object, and the policy that covers these, or why none is needed. */
export const PROPERTIES = rowsOf(/^- (.+?): (.+) → (.+)$/gm).map(([types = "", properties = "", policy = ""]) => ({
  types: quoted(types),
  properties: quoted(properties.replace(/\(.*?\)/g, "")),
  policy,
}));

/** Other types that make buckets: their tokens, and the properties that an adapter reads. */
export const ADAPTED = rowsOf(/^- \*\*.+?\*\* \((.+?)\): (.+)$/gm).map(([tokens = "", properties = ""]) => ({
  tokens: quoted(tokens),
  properties: quoted(properties),
}));
