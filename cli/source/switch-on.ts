import { LANGUAGES } from "../../policypack/face";
import { argumentsOf, type Entry } from "./entries";
import { withEntries } from "./list";
import type { Mend } from "./mend";
import { inNamesOf } from "./maker";
import type { Call, Source } from "./syntax";

/**
 * Properties of the resource that the call makes, set to true where they are given and added where they aren't.
 * @param shown those of them that a person is shown
 */
export function switchedOn(
  source: Source,
  call: Call,
  properties: readonly string[],
  shown: readonly string[],
): Mend | undefined {
  const { setting, name, truth } = LANGUAGES[source.grammar];
  const lines = shown.map((property) => setting(property));
  const [put] = inNamesOf(source, call, [truth]) ?? [];
  if (put === undefined) return { lines, groups: [], why: "the file doesn't import Pulumi's SDK" };
  const entries = argumentsOf(call, source);
  if (entries === undefined) return { lines, groups: [], why: "its arguments are computed" };
  const wanted = new Set(properties.map((property) => name(property)));
  const isGiven = ({ key }: Entry): boolean => wanted.has(key);
  const missing = [...wanted].filter((key) => !entries.some((entry) => entry.key === key));
  const changes = withEntries(
    source,
    entries,
    (entry) => (isGiven(entry) ? put : undefined),
    missing.map((key) => [key, put]),
  );
  return changes === undefined
    ? { lines, groups: [], why: "its arguments are empty" }
    : { lines, groups: [changes] };
}
