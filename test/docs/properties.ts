/** The table of docs/public-access-properties.yaml and the list of adapters in the page that is made from it, as data. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { table } from "./doors";

const DOCUMENT = readFileSync(join(__dirname, "../../docs/public-access-properties.md"), "utf8");

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "");

/** Resource types with the ways to their properties, and the policies that evaluate these. */
export const PROPERTIES = table.entries.flatMap(({ by = [], types }) =>
  Object.entries(types).map(([type, ways]) => ({ type, properties: ways.split(", "), by })),
);

/** Other types that make buckets: their tokens, and the properties that an adapter reads. */
export const ADAPTED = [...DOCUMENT.matchAll(/^- \*\*.+?\*\* \((.+?)\): (.+)$/gm)].map(
  ([, tokens = "", properties = ""]) => ({ tokens: quoted(tokens), properties: quoted(properties) }),
);
