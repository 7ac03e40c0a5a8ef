import { parseJson, printable, repeatedKey } from "../lib/json-text";
import { loadYaml } from "../lib/load-yaml";

export interface Parsed {
  readonly template?: unknown;
  /** A key that an object has twice. The last one counts. */
  readonly repeated?: string | undefined;
  /** Why it can't be read; goes on after "it". */
  readonly problem?: string;
}

const known = new Map<string, Parsed>();
let knownLength = 0;

/** In characters: some 2,000 templates of a usual size, or 200 as large as CloudFormation takes. */
const MOST_KNOWN = 10_000_000;

/**
 * The values of a CloudFormation template, JSON or YAML. The engine sends a resource alone and again with its stack; reading
 * it is most of what it costs, so that the same text isn't read twice. Nobody may change the values.
 */
export function parseTemplate(text: string): Parsed {
  const parsed = known.get(text) ?? read(text);
  if (known.has(text)) return parsed;
  if (knownLength + text.length > MOST_KNOWN) {
    known.clear();
    knownLength = 0;
  }
  known.set(text, parsed);
  knownLength += text.length;
  return parsed;
}

function read(text: string): Parsed {
  const template = parseJson(text);
  if (template !== undefined) return { template, repeated: repeatedKey(text) };
  const yaml = loadYaml();
  if (yaml === undefined)
    return { problem: "is YAML, and the policy pack lacks its file yaml.js. Install the pack as a whole" };
  try {
    return yaml.parseYaml(text);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export function lastCounts(subject: string, key: string): string {
  return `${subject} gives ${printable(key)} twice. AWS takes the last one.`;
}
