import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isObject, parseJson, SECRET, SIGNATURE } from "../../policypack/face";
import { UsageError } from "../command";
import type { Json } from "../gate/output";
import { product } from "../own-package";
import { fits } from "../shape";
import type { Source } from "./files";
import { isRelevant } from "./verdicts";

/*
 * The progress of an audit, in a file that only its user can read: the part of each state that policies read, without secrets.
 * A stack that was updated since is read again; so are all of them by another version of this command, or for another question.
 */

const MARK = '{"s3-public-access-block audit":';
const PARTS =
  /^(urn|type|custom|external|delete|pendingReplacement|provider|parent|sourcePosition|stackTrace|ignoreChanges|(propertyD|d)ependencies)$/;

/** @param asked what the sources are of @throws UsageError where the file is something else */
export function resumable(sources: readonly Source[], file: string, asked: unknown): Source[] {
  const head = `${MARK}${JSON.stringify([product().version, asked])}}`;
  const [first = "", ...lines] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [head];
  if (!first.startsWith(MARK)) throw new UsageError(`${file} wasn't made by --resume: name another file`);
  const updates = new Map(sources.map(({ name, updated }) => [name, updated]));
  const kept = (first === head ? lines : []).flatMap((line) => {
    const entry = parseJson(line);
    const isSame = fits(entry, { name: "string", updated: "string" }) && updates.get(entry.name) === entry.updated;
    return isSame ? [{ line, ...entry, state: (entry as Json).state }] : [];
  });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, [head, ...kept.map(({ line }) => line), ""].join("\n"), { mode: 0o600 });
  renameSync(draft, file);
  const states = new Map(kept.map(({ name, state }) => [name, JSON.stringify(state)]));
  return sources.map((source): Source => {
    const { name, updated } = source;
    const read = async (): Promise<string | Buffer> => {
      const text = states.get(name) ?? (await source.read());
      const state = updated === undefined || states.has(name) ? undefined : relevantIn(text);
      if (state) appendFileSync(file, `${JSON.stringify({ name, updated, state }, withoutSecret)}\n`);
      return text;
    };
    return { ...source, read };
  });
}

/** The state as far as policies read it; undefined where it isn't one, which the audit says. */
function relevantIn(text: string | Buffer): Json | undefined {
  const state = text.length < 2 ** 28 ? parseJson(text.toString()) : undefined; // A longer one is read again.
  if (!isObject(state) || !isObject(state.deployment)) return undefined;
  const { resources } = state.deployment;
  if (!Array.isArray(resources) || !resources.every(isObject)) return undefined;
  return { version: state.version, features: state.features, deployment: { resources: resources.map(partOf) } };
}

function partOf({ inputs, outputs, ...resource }: Json): Json {
  const type = String(resource.type);
  const part = only(resource, (key) => PARTS.test(key));
  if (isRelevant(type)) return { ...part, inputs, outputs };
  // Of a provider all but its credentials; of anything else the ARN, which shows the account.
  const isPlain = (key: string): boolean =>
    type.startsWith("pulumi:providers:") && !/key|token|secret|password/i.test(key);
  return { ...part, inputs: only(inputs, isPlain), outputs: only(outputs, (key) => key === "arn") };
}

function only(properties: unknown, isWanted: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(isObject(properties) ? properties : {}).filter(([key]) => isWanted(key)));
}

function withoutSecret(_: string, value: unknown): unknown {
  return isObject(value) && value[SIGNATURE] === SECRET ? { [SIGNATURE]: SECRET } : value;
}
