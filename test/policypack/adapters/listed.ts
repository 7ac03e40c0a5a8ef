import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCUMENT = readFileSync(join(__dirname, "../../../docs/public-access-properties.md"), "utf8");

const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner ?? "");

/** The rows of the table of roads in docs/public-access-properties.md: the tokens and what is read of them. */
export const ROWS = (/^## Other roads[^]*?^### /m.exec(DOCUMENT)?.[0] ?? "")
  .split("\n")
  .map((line) => line.split("|"))
  .map(([, , tokens = "", properties = ""]) => ({ tokens: quoted(tokens), properties: quoted(properties) }))
  .filter(({ tokens }) => tokens.length > 0);
