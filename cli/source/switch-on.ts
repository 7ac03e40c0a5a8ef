import { LANGUAGES } from "../../policypack/shared/languages";
import { type Change, indentAt, insert, lineStart } from "./edit";
import { type Entry, entriesOf } from "./entries";
import type { Mend } from "./mend";
import type { Call, Source } from "./syntax";

/** Properties of the resource that the call makes, set to true where they are given and added where they aren't. */
export function switchedOn(source: Source, call: Call, properties: readonly string[]): Mend | undefined {
  const { grammar } = source;
  const { setting, name, truth } = LANGUAGES[grammar];
  const lines = properties.map((property) => setting(property));
  const holder = grammar === "python" ? call.node : call.args[grammar === "go" ? 2 : 1]?.node;
  const entries = holder === undefined ? undefined : entriesOf(holder, source);
  if (entries === undefined) return { lines, groups: [] };
  const named = (property: string): Entry | undefined => entries.find(({ key }) => key === name(property));
  const changes = properties.flatMap((property): Change[] => {
    const entry = named(property);
    if (entry === undefined) return [];
    const { from, to, value } = entry;
    return value === undefined
      ? [{ from, to, text: `${property}: ${truth}` }]
      : [{ from: value.from, to: value.to, text: truth }];
  });
  const missing = properties.filter((property) => named(property) === undefined);
  const last = entries.at(-1);
  if (missing.length > 0 && last === undefined) return { lines, groups: [] };
  const added = last === undefined || missing.length === 0 ? [] : [addedBehind(source, last, missing)];
  return { lines, groups: [[...changes, ...added]] };
}

function addedBehind({ text, grammar }: Source, last: Entry, properties: readonly string[]): Change {
  const isOwnLine = text.slice(lineStart(text, last.from), last.from).trim() === "";
  const gap = isOwnLine ? `\n${indentAt(text, last.from)}` : " ";
  const put = properties.map((property) => gap + LANGUAGES[grammar].setting(property).replace(/,$/, ""));
  return insert(last.to, `,${put.join(",")}`);
}
