import { loadYaml } from "./load-yaml";
import { printable, repeatedKey } from "../policies/s3-no-public-bucket-policy/text";

/** A template that can't be read; the message goes on after "it". */
export class Unreadable extends Error {}

/**
 * The values of a CloudFormation template, JSON or YAML.
 *
 * @throws Unreadable if it is neither
 */
export function parseTemplate(text: string): unknown {
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
