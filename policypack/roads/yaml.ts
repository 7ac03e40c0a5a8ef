import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";

/*
 * Bundled by itself (scripts/build.mjs) and loaded when the first template in YAML is met: reading YAML costs more than all
 * the rest of the pack, and few stacks have such a template.
 */

/**
 * A CloudFormation template in YAML as plain values: short forms are as long ones, `!Ref x` as `{ Ref: "x" }`, `!Sub x` as
 * `{ "Fn::Sub": "x" }`. It is read as YAML 1.1, without aliases and hash merges ("CloudFormation template formats", AWS
 * CloudFormation User Guide).
 *
 * @throws an error whose message goes on after "it": "isn't YAML: … at line 3"
 */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: "1.1",
    merge: false,
    logLevel: "silent",
    prettyErrors: true,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw new Error(`isn't YAML: ${error.code}${line === undefined ? "" : ` at line ${line}`}`);
  }
  return plain(document.contents);
}

function plain(node: unknown): unknown {
  if (isAlias(node)) throw new Error("has a YAML alias, which CloudFormation doesn't take");
  const name = isMap(node) || isSeq(node) || isScalar(node) ? intrinsicOf(node.tag) : undefined;
  const value = untagged(node as Node | null);
  return name === undefined ? value : { [name]: value };
}

function untagged(node: Node | null): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [keyOf(key), plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  if (!isScalar(node)) return null;
  return node.value instanceof Date || typeof node.value === "bigint" ? node.source : node.value;
}

function keyOf(key: unknown): string {
  if (!isScalar(key)) throw new Error("has a YAML key that isn't a string");
  return key.source ?? String(key.value);
}

/** `!Ref` and `!Condition` are called as they are, all others are functions. YAML's own tags (`!!str`) say nothing. */
function intrinsicOf(tag: string | undefined): string | undefined {
  const name = tag === undefined ? undefined : /^!(\w+)$/.exec(tag)?.[1];
  if (name === undefined) return undefined;
  return name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
}
