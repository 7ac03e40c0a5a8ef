import { isObject } from "../lib/values";
import { FIELDS, type Exemption } from "./schema";

/** Reads a policy's `exemptions` option; each problem names its place and says what belongs there. */
export function readExemptions(value: unknown): { exemptions: Exemption[]; problems: string[] } {
  if (value === undefined) return { exemptions: [], problems: [] };
  if (!Array.isArray(value)) return { exemptions: [], problems: ["exemptions: not a list"] };
  const problems = value.flatMap((entry: unknown, index) => problemsOf(entry, `exemptions[${index}]`));
  return { exemptions: problems.length > 0 ? [] : (value as Exemption[]), problems };
}

function problemsOf(entry: unknown, place: string): string[] {
  if (!isObject(entry)) return [`${place}: not an object`];
  const own = new Map(Object.entries(entry));
  const unknown = [...own.keys()]
    .filter((key) => !FIELDS.some(({ name }) => name === key))
    .map((key) => `${place}.${key}: unknown key; an exemption has urn, reason and expires`);
  const invalid = FIELDS.filter(
    ({ name, isRequired, isValid }) => (isRequired || own.has(name)) && !isValid(own.get(name)),
  ).map(({ name, problem }) => `${place}.${name}: ${problem(own.get(name))}`);
  return [...unknown, ...invalid];
}
