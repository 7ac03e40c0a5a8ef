import { testdata } from "../../testdata";

interface Case {
  readonly name: string;
  readonly body: string;
  readonly finds: readonly string[];
}
interface Table {
  readonly head: string;
  readonly tables: readonly { of: string; finds?: readonly string[]; body: string; parts: string[] }[];
  readonly others: Readonly<Record<string, { body: string; finds?: readonly string[] }>>;
}

const { head, tables, others } = testdata("templates.yaml") as Table;

/** The templates of templates.yaml, each by a name of its own. */
export const CASES: readonly Case[] = [
  ...tables.flatMap(({ of, finds = [], body, parts }) =>
    parts.map((part, at) => ({ name: `${of}-${at}`, finds, body: head + body.replace("PART", () => part) })),
  ),
  ...Object.entries(others).map(([name, { body, finds = [] }]) => ({ name, body: head + body, finds })),
];

/** A finding in the words of the table. */
export function told({ policy, level, message }: { policy: string; level: string; message: string }): string {
  const path = /'[^'#]*#?([^']*)'/.exec(message)?.[1] ?? "";
  return `${level} ${policy} ${path}`.trim();
}
