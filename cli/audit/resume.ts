import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isObject, parseJson, SECRET, SIGNATURE } from "../../policypack/face";
import { UsageError } from "../command";
import type { Json } from "../gate/output";
import { product } from "../own-package";
import { fits } from "../shape";
import type { Source } from "./files";
import { isRelevant } from "./verdicts";

/*
 * What an audit has read so far, in a file that only its user can read: the part of each state that policies read, without secrets.
 * A stack that was updated since is read again; so are all of them by another version of this command, or for another question.
 */

const MARK = '{"s3-public-access-block audit":';
const PARTS =
  /^(urn|type|custom|external|delete|pendingReplacement|provider|parent|sourcePosition|stackTrace|ignoreChanges|dependencies|propertyDependencies)$/;
const CREDENTIAL = /key|token|secret|password/i;

/** @param asked what the sources are of @throws UsageError where the file is something else */
export function resumable(sources: readonly Source[], file: string, asked: unknown): Source[] {
  const head = `${MARK}${JSON.stringify([product().version, asked])}}`;
  const [first = "", ...lines] = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [head];
  if (!first.startsWith(MARK)) throw new UsageError(`${file} wasn't made by --resume: name another file`);
  const entries = (first === head ? lines : []).map(parseJson);
  const known = new Map(entries.flatMap((each) => (fits(each, { name: "string" }) ? [[each.name, each as Json]] : [])));
  const kept = new Map(
    sources.flatMap(({ name, updated }) => {
      const entry = known.get(name);
      return updated !== undefined && entry?.updated === updated ? [[name, entry]] : [];
    }),
  );
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, `${[head, ...[...kept.values()].map((each) => JSON.stringify(each))].join("\n")}\n`, {
    mode: 0o600,
  });
  renameSync(draft, file);
  return sources.map((source): Source => {
    const { name, updated, read } = source;
    const entry = kept.get(name);
    if (entry !== undefined) return { ...source, read: () => Promise.resolve(JSON.stringify(entry.state)) };
    return {
      ...source,
      read: async () => {
        const text = await read();
        const state = updated === undefined ? undefined : relevantIn(text);
        if (state) appendFileSync(file, `${JSON.stringify({ name, updated, state }, withoutSecret)}\n`);
        return text;
      },
    };
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
  const part = only(resource, (key) => PARTS.test(key));
  const type = String(resource.type);
  if (type.startsWith("pulumi:providers:")) return { ...part, inputs: only(inputs, (key) => !CREDENTIAL.test(key)) };
  // The ARN of any resource shows the account.
  return isRelevant(type) ? { ...part, inputs, outputs } : { ...part, outputs: only(outputs, (key) => key === "arn") };
}

function only(properties: unknown, isWanted: (key: string) => boolean): Json {
  return Object.fromEntries(Object.entries(isObject(properties) ? properties : {}).filter(([key]) => isWanted(key)));
}

function withoutSecret(_: string, value: unknown): unknown {
  return isObject(value) && value[SIGNATURE] === SECRET ? { [SIGNATURE]: SECRET } : value;
}
