import { loadYaml } from "./load-yaml";
import { printable, repeatedKey } from "../policies/s3-no-public-bucket-policy/text";

/** A template that can't be read; the message goes on after "it". */
export class Unreadable extends Error {}

/** What templates turned out to be, by their text, the oldest first. */
const known = new Map<string, () => unknown>();
let knownLength = 0;

/** In characters: some 2,000 templates of a usual size, or 200 as large as CloudFormation takes. */
const MOST_KNOWN = 10_000_000;

/**
 * The values of a CloudFormation template, JSON or YAML. The engine tells of a resource alone and again with its stack; reading
 * it is most of what it costs, so that the same text isn't read twice. Nobody may change the values.
 *
 * @throws Unreadable if it is neither
 */
export function parseTemplate(text: string): unknown {
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

function outcomeOf(text: string): () => unknown {
  try {
    const template = read(text);
    return () => template;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function read(text: string): unknown {
  const json = parseJson(text);
  if (json === undefined) return parseYaml(text);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new Unreadable(`gives ${printable(repeated)} twice`);
  return json;
}

/** Undefined for what isn't JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): unknown {
  const yaml = loadYaml();
  if (yaml === undefined)
    throw new Unreadable("is YAML, and the policy pack lacks its file yaml.js. Install the pack as a whole");
  try {
    return yaml.parseYaml(text);
  } catch (error) {
    throw new Unreadable(error instanceof Error ? error.message : String(error));
  }
}
