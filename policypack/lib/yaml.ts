import { isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, type Node, type YAMLMap } from "yaml";
import { printable } from "./json-text";

/*
 * Bundled by itself (scripts/build.mjs) and loaded when the first template in YAML is met: reading YAML costs more than all
 * the rest of the pack, and few stacks have such a template.
 */

/**
 * A CloudFormation template in YAML as plain values: short forms are as long ones, `!Ref x` as `{ Ref: "x" }`, `!Sub x` as
 * `{ "Fn::Sub": "x" }`. It is read as YAML 1.1 without aliases, hash merges and the tags of YAML 1.1's other types
 * ("CloudFormation template formats", AWS CloudFormation User Guide; "YAML, Cross-Stack References, Simplified
 * Substitution", AWS News Blog).
 *
 * @throws an error whose message goes on after "it": "isn't YAML: … at line 3"
 */
export function parseYaml(text: string): { template: unknown; repeated: string | undefined } {
  const document = parseDocument(text, {
    version: "1.1",
    merge: false,
    // The library compares each key to all before it. Here their names are compared.
    uniqueKeys: false,
    // "silent" takes no notice of a second document either. Nothing is logged by parseDocument.
    logLevel: "error",
    prettyErrors: true,
  });
  const [error] = document.errors;
  if (error?.code === "MULTIPLE_DOCS") throw new Error("is more than one YAML document");
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw new Error(`isn't YAML: ${error.code}${line === undefined ? "" : ` at line ${line}`}`);
  }
  const repeated: string[] = [];
  const template = plain(document.contents, repeated);
  return { template, repeated: repeated[0] };
}

function plain(node: unknown, repeated: string[]): unknown {
  if (isAlias(node)) throw new Error("has a YAML alias, which CloudFormation doesn't take");
  const name = isMap(node) || isSeq(node) || isScalar(node) ? intrinsicOf(node.tag) : undefined;
  const value = untagged(node as Node | null, repeated);
  return name === undefined ? value : { [name]: value };
}

function untagged(node: Node | null, repeated: string[]): unknown {
  if (isMap(node)) return members(node, repeated);
  if (isSeq(node)) return node.items.map((item) => plain(item, repeated));
  if (!isScalar(node)) return null;
  const { value, source } = node;
  // A boolean of YAML 1.1 on paper only: the parsers of Java and Python take it for a text.
  if (typeof value === "boolean" && /^[yn]$/i.test(source ?? "")) return source;
  return value instanceof Date || typeof value === "bigint" ? source : value;
}

/** As with JSON, the last of two values of one key counts. */
function members(map: YAMLMap, repeated: string[]): object {
  const found = new Map<string, unknown>();
  for (const { key, value } of map.items) {
    const name = keyOf(key);
    if (found.has(name)) repeated.push(name);
    found.set(name, plain(value, repeated));
  }
  return Object.fromEntries(found);
}

function keyOf(key: unknown): string {
  if (!isScalar(key)) throw new Error("has a YAML key that isn't a string");
  const name = key.source ?? String(key.value);
  if (key.tag === `${CORE}merge` || (name === "<<" && key.type === Scalar.PLAIN))
    throw new Error("has a YAML merge (<<), which CloudFormation doesn't take");
  if (intrinsicOf(key.tag) !== undefined) throw new Error("has a YAML key that isn't a string");
  return name;
}

const CORE = "tag:yaml.org,2002:";
const CORE_TAGS = ["str", "int", "float", "bool", "null", "map", "seq"].map((name) => CORE + name);

/** `!Ref` and `!Condition` are called as they are, all others are functions. The tags of JSON's types say nothing. */
function intrinsicOf(tag: string | undefined): string | undefined {
  if (tag === undefined || tag === "!" || CORE_TAGS.includes(tag)) return undefined;
  const name = /^!(\w+)$/.exec(tag)?.[1];
  if (name === undefined) {
    const written = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
    throw new Error(`has the YAML tag ${printable(written)}, which CloudFormation doesn't take`);
  }
  return name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
}
