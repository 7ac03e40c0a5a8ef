import { parseJson, printable, repeatedKey } from "../lib/json-text";
import { loadYaml } from "../lib/load-yaml";

/** A template that can't be read; the message goes on after "it". */
export class Unreadable extends Error {}

export interface Parsed {
  readonly template: unknown;
  /** A key that an object has twice. The last one counts. */
  readonly repeated?: string | undefined;
}

/** What templates turned out to be, by their text, the oldest first. */
const known = new Map<string, () => Parsed>();
let knownLength = 0;

/** In characters: some 2,000 templates of a usual size, or 200 as large as CloudFormation takes. */
const MOST_KNOWN = 10_000_000;

/**
 * The values of a CloudFormation template, JSON or YAML. The engine tells of a resource alone and again with its stack; reading
 * it is most of what it costs, so that the same text isn't read twice. Nobody may change the values.
 *
 * @throws Unreadable if it is neither
 */
export function parseTemplate(text: string): Parsed {
  let told = known.get(text);
  if (told === undefined) {
    told = outcomeOf(text);
    known.set(text, told);
    knownLength += text.length;
    for (const [oldest] of known) {
      if (knownLength <= MOST_KNOWN) break;
      known.delete(oldest);
      knownLength -= oldest.length;
    }
  }
  return told();
}

function outcomeOf(text: string): () => Parsed {
  try {
    const template = read(text);
    return () => template;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function read(text: string): Parsed {
  const template = parseJson(text);
  return template === undefined ? parseYaml(text) : { template, repeated: repeatedKey(text) };
}

/** A note on a key that is given twice. */
export function lastCounts(subject: string, key: string): string {
  return `${subject} gives ${printable(key)} twice. AWS takes the last one.`;
}

function parseYaml(text: string): Parsed {
  const yaml = loadYaml();
  if (yaml === undefined)
    throw new Unreadable("is YAML, and the policy pack lacks its file yaml.js. Install the pack as a whole");
  try {
    return yaml.parseYaml(text);
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
}
