import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Table {
  readonly head: string;
  readonly block: string;
  readonly flags: Readonly<Record<"on" | "off", readonly string[]>>;
  readonly statement: string;
  readonly parts: Readonly<Record<"private" | "unverified" | "public", readonly string[]>>;
  readonly others: Readonly<Record<string, { body: string; finds?: readonly string[] }>>;
}

const { head, block, flags, statement, parts, others } = parse(
  readFileSync(join(__dirname, "templates.yaml"), "utf8"),
) as Table;

const BLOCK = ["mandatory s3-bucket-public-access-block /Resources/Data"];
const POLICY = "s3-no-public-bucket-policy /Resources/Policy";

export interface Case {
  readonly name: string;
  readonly body: string;
  readonly finds: readonly string[];
}

const many = (kind: string, inner: readonly string[], whole: string, finds: readonly string[]): Case[] =>
  inner.map((part, at) => ({
    ...{ name: `${kind}-${at}`, finds },
    body: head + whole.replace(/FLAG|PART/, () => part),
  }));

/** The templates of templates.yaml, each by a name of its own. */
export const CASES: readonly Case[] = [
  ...many("on", flags.on, block, []),
  ...many("off", flags.off, block, BLOCK),
  ...many("private", parts.private, statement, []),
  ...many("unverified", parts.unverified, statement, [`advisory ${POLICY}`]),
  ...many("public", parts.public, statement, [`mandatory ${POLICY}`]),
  ...Object.entries(others).map(([name, { body, finds = [] }]) => ({ name, body: head + body, finds })),
];

/** A finding in the words of the table. */
export function told({ policy, level, message }: { policy: string; level: string; message: string }): string {
  const path = /'[^'#]*#?([^']*)'/.exec(message)?.[1] ?? "";
  return `${level} ${policy} ${path}`.trim();
}
