import { isMap, isScalar, LineCounter, parseDocument, type Pair, type YAMLMap } from "yaml";
import { privateAcl } from "./acl";
import { type Change, indentAt, indentUnit, insert, lineEnd, lineStart, type SourceFix } from "./edit";
import type { Named } from "./find";
import { ENDINGS } from "./new-block";
import type { Wanted } from "./target";
import { LANGUAGES } from "../../policypack/face";

/*
 * Programs in YAML: the SDK sends no positions, and the program is Pulumi.yaml ("Pulumi YAML language reference": a
 * resource's logical name is its key below `resources`, or its `name`).
 */

/** A resource of the program, in its file. */
export interface Declared {
  readonly text: string;
  readonly key: string;
  /** Where the key is. */
  readonly from: number;
  readonly line: number;
  readonly column: number;
  readonly pair: Pair;
  /** Those of all resources. */
  readonly keys: ReadonlySet<string>;
  /** They are in `{ … }`, where there is no place for lines. */
  readonly isFlow: boolean;
}

/** What a Pulumi.yaml says of the program: its language, and its main file or folder. Nothing where it isn't YAML. */
export function projectIn(text: string): { runtime?: string; main?: string } {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return {};
  const declared: unknown = document.get("runtime");
  const runtime: unknown = isMap(declared) ? declared.get("name") : declared;
  const main: unknown = document.get("main");
  return { ...(typeof runtime === "string" && { runtime }), ...(typeof main === "string" && { main }) };
}

/** The resource's declaration; undefined where it isn't in there, and where the text isn't YAML. */
export function declarationOf(text: string, resource: Named): Declared | undefined {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const isMapping = document.errors.length === 0 && isMap(document.contents);
  const resources: unknown = isMapping ? document.get("resources") : undefined;
  if (!isMap(resources)) return undefined;
  const keys = new Set(resources.items.map(({ key }) => (isScalar(key) ? String(key.value) : "")));
  for (const pair of resources.items) {
    const { key, value } = pair;
    if (!isScalar(key) || !isMap(value) || key.range == null) continue;
    const name: unknown = value.get("name") ?? key.value;
    if (name !== resource.name || !isSameType(value.get("type"), resource.type)) continue;
    const [from] = key.range;
    const { line, col: column } = counter.linePos(from);
    return { text, key: String(key.value), from, line, column, pair, keys, isFlow: resources.flow === true };
  }
  return undefined;
}

/** `aws:s3:Bucket` is short for `aws:s3/bucket:Bucket`. */
function isSameType(declared: unknown, type: string): boolean {
  if (typeof declared !== "string") return false;
  const short = (token: string): string => token.replace(/^([^:]+:[^:/]+)(?:\/[^:]*)?:/, "$1:");
  return short(declared) === short(type);
}

export function fixDeclared(declared: Declared, wanted: Wanted): SourceFix | undefined {
  switch (wanted.kind) {
    case "block":
      return newBlock(declared, wanted.properties);
    case "properties":
      return switchedOn(declared, wanted.properties);
    case "private":
      return madePrivate(declared);
  }
}

function newBlock({ text, key, from, pair, keys, isFlow }: Declared, properties: readonly string[]): SourceFix {
  const { value } = pair;
  const options = optionsOf(text, value);
  // A key that needs quotes needs them in a reference, too.
  const isPlain = /^[A-Za-z_][\w-]*$/.test(key);
  const name = ENDINGS.map((ending) => key + ending).find((ending) => !keys.has(ending)) ?? key;
  const lines = LANGUAGES.yaml.block({
    maker: "aws:s3:BucketPublicAccessBlock",
    name: isPlain ? name : JSON.stringify(name),
    bucket: isPlain ? `\${${key}.id}` : `\${[${JSON.stringify(key)}].id}`,
    options: options ?? [LANGUAGES.yaml.provider("yourProvider")],
    properties,
    unit: indentUnit(text, "  "),
  });
  const end = endOf(text, value);
  const indent = indentAt(text, from);
  if (options === undefined) return { lines, hasPlaceholder: true, groups: [], why: "its options are computed" };
  if (isFlow || end === undefined || !startsLine(text, from) || keys.has(name)) return { lines, groups: [] };
  return { lines, groups: [[insert(end, lines.map((line) => `\n${indent}${line}`).join(""))]] };
}

/** The provider and the parent, as they are written; undefined where they may come from elsewhere. */
function optionsOf(text: string, resource: unknown): string[] | undefined {
  if (!isMap(resource) || resource.has("<<")) return undefined;
  const options = resource.get("options", true) as unknown;
  if (options === undefined) return [];
  if (!isMap(options) || options.has("<<")) return undefined;
  const shared: string[] = [];
  for (const option of ["provider", "parent"].filter((name) => options.has(name))) {
    const value: unknown = options.get(option, true);
    if (!isScalar(value) || value.range == null || typeof value.value !== "string") return undefined;
    shared.push(`${option}: ${text.slice(value.range[0], value.range[1])}`);
  }
  return shared;
}

function propertiesOf({ pair: { value } }: Declared): YAMLMap | undefined {
  const properties = isMap(value) ? value.get("properties") : undefined;
  return isMap(properties) ? properties : undefined;
}

function switchedOn(declared: Declared, wanted: readonly string[]): SourceFix {
  const { text } = declared;
  const lines = wanted.map((property) => LANGUAGES.yaml.setting(property));
  const properties = propertiesOf(declared);
  const last = properties?.items.at(-1);
  if (properties === undefined || last === undefined) return { lines, groups: [] };
  const changes: Change[] = [];
  const missing: string[] = [];
  for (const property of wanted) {
    const value = properties.get(property, true);
    if (value === undefined) missing.push(property);
    else if (value.range != null) changes.push({ from: value.range[0], to: value.range[1], text: "true" });
    else return { lines, groups: [] };
  }
  if (missing.length > 0) {
    const key = isScalar(last.key) ? last.key.range?.[0] : undefined;
    const end = endOf(text, last.value);
    if (key === undefined || end === undefined || properties.flow === true || !startsLine(text, key))
      return { lines, groups: [] };
    const added = missing.map((property) => `\n${indentAt(text, key)}${LANGUAGES.yaml.setting(property)}`);
    changes.push(insert(end, added.join("")));
  }
  return { lines, groups: [changes] };
}

function madePrivate(declared: Declared): SourceFix | undefined {
  const value = propertiesOf(declared)?.get("acl", true);
  if (value?.range == null) return undefined;
  const [from, to] = value.range;
  const acl = privateAcl(declared.text.slice(from, to));
  return acl === undefined ? undefined : { lines: [acl], groups: [[{ from, to, text: acl }]] };
}

function startsLine(text: string, at: number): boolean {
  return lineStart(text, at) + indentAt(text, at).length === at;
}

/** The end of the last line that a node has something in. */
function endOf(text: string, node: unknown): number | undefined {
  const range = isMap(node) || isScalar(node) ? node.range : undefined;
  if (range == null) return undefined;
  const written = text.slice(0, range[1]).trimEnd().length;
  return lineEnd(text, written);
}
