import { isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { type Given, indentAt, indentUnit, insert, lineEnd, lineStart, type SourceFix, withoutComment } from "./edit";
import type { Named } from "./find";
import { endingsFor } from "./new-block";
import { LANGUAGES } from "../../policypack/face";

/*
 * Programs in YAML: the SDK sends no positions, and the program is Pulumi.yaml ("Pulumi YAML language reference": a
 * resource's logical name is its key below `resources`, or its `name`).
 */

/** A resource of the program, in its file. */
export type Declared = NonNullable<ReturnType<typeof declarationOf>>;

/** The program's language, and its main file or folder, from a Pulumi.yaml. Nothing where it isn't YAML. */
export function projectIn(text: string): { runtime?: string; main?: string } {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return {};
  const declared: unknown = document.get("runtime");
  const runtime: unknown = isMap(declared) ? declared.get("name") : declared;
  const main: unknown = document.get("main");
  return { ...(typeof runtime === "string" && { runtime }), ...(typeof main === "string" && { main }) };
}

/** The resource's declaration; undefined where it isn't in there, and where the text isn't YAML. */
export function declarationOf(text: string, resource: Named) {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const isMapping = document.errors.length === 0 && isMap(document.contents);
  const resources: unknown = isMapping ? document.get("resources") : undefined;
  if (!isMap(resources)) return undefined;
  const keys = new Set(resources.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")));
  // In `{ … }` there is no place for lines.
  const isFlow = resources.flow === true;
  for (const { key, value: body } of resources.items) {
    if (!isScalar(key) || !isMap(body) || key.range == null) continue;
    const name: unknown = body.get("name") ?? key.value;
    if (name !== resource.name || !isSameType(body.get("type"), resource.type)) continue;
    const [from] = key.range;
    const { line, col: column } = counter.linePos(from);
    return { text, key: String(key.value), from, line, column, body, keys, isFlow };
  }
  return undefined;
}

/** `aws:s3:Bucket` is short for `aws:s3/bucket:Bucket`. */
function isSameType(declared: unknown, type: string): boolean {
  if (typeof declared !== "string") return false;
  const short = (token: string): string => token.replace(/^([^:]+:[^:/]+)(?:\/[^:]*)?:/, "$1:");
  return short(declared) === short(type);
}

/** A block for a bucket, behind it. */
export function newBlockInYaml(declared: Declared, properties: readonly string[]): SourceFix {
  const { text, key, from, body, keys, isFlow } = declared;
  const options = optionsOf(text, body);
  // A key that needs quotes needs them in a reference, too.
  const isPlain = /^[A-Za-z_][\w-]*$/.test(key);
  const name =
    endingsFor([key, ...keys])
      .map((ending) => key + ending)
      .find((ending) => !keys.has(ending)) ?? key;
  const lines = LANGUAGES.yaml.block({
    maker: "aws:s3:BucketPublicAccessBlock",
    name: isPlain ? name : JSON.stringify(name),
    bucket: isPlain ? `\${${key}.id}` : `\${[${JSON.stringify(key)}].id}`,
    options: options ?? [LANGUAGES.yaml.provider("yourProvider")],
    properties,
    unit: indentUnit(text, "  "),
  });
  if (options === undefined) return { lines, hasPlaceholder: true, groups: [], why: "its options are computed" };
  const end = endOf(text, body);
  const indent = indentAt(text, from);
  if (isFlow || end === undefined || !startsLine(text, from) || keys.has(name)) return { lines, groups: [] };
  return { lines, groups: [[insert(end, lines.map((line) => `\n${indent}${line}`).join(""))]] };
}

/** The provider and the parent, as they are written; undefined where they may come from elsewhere. */
function optionsOf(text: string, resource: YAMLMap): string[] | undefined {
  const options = resource.get("options", true) as unknown;
  if (options === undefined && !resource.has("<<")) return [];
  if (!isMap(options) || options.has("<<") || resource.has("<<")) return undefined;
  const shared = ["provider", "parent"].filter((name) => options.has(name));
  const texts = shared.map((name) => {
    const value: unknown = options.get(name, true);
    if (!isScalar(value) || !value.range || typeof value.value !== "string") return undefined;
    return `${name}: ${text.slice(value.range[0], value.range[1])}`;
  });
  return texts.some((each) => each === undefined) ? undefined : (texts as string[]);
}

/** The resource's properties; undefined where it has none of its own. */
export function propertiesOf({ text, body }: Declared): Given | undefined {
  const properties: unknown = body.get("properties");
  if (!isMap(properties)) return undefined;
  const entries = properties.items.flatMap(({ key, value }) => {
    const range = isNode(value) ? value.range : undefined;
    return isScalar(key) && range ? [{ key: String(key.value), from: range[0], to: range[1] }] : [];
  });
  const values = new Map(entries.map(({ key, from, to }) => [key, text.slice(from, to)]));
  return {
    values,
    withValues: (wanted) => {
      const changes = entries.flatMap(({ key, from, to }) => {
        const put = wanted.get(key);
        if (put === undefined || text.slice(from, to) === put) return [];
        return [{ from, to, text: put }, ...withoutComment(text, to)];
      });
      const missing = [...wanted].filter(([key]) => !values.has(key));
      const last = properties.items.at(-1);
      const start = isScalar(last?.key) ? last.key.range?.[0] : undefined;
      const end = endOf(text, last?.value);
      if (missing.length === 0) return changes;
      if (start === undefined || end === undefined || properties.flow === true || !startsLine(text, start))
        return undefined;
      const lines = missing.map(([key, put]) => `\n${indentAt(text, start)}${key}: ${put}`);
      return [...changes, insert(end, lines.join(""))];
    },
  };
}

function startsLine(text: string, at: number): boolean {
  return lineStart(text, at) + indentAt(text, at).length === at;
}

/** The end of the last line that a node has something in. */
function endOf(text: string, node: unknown): number | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range ? lineEnd(text, text.slice(0, range[1]).trimEnd().length) : undefined;
}
