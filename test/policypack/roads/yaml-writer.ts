/* A template in YAML, with CloudFormation's short forms: written here, so that it isn't read by what wrote it. */

function intrinsicIn(node: object): [tag: string, argument: unknown] | undefined {
  const [only, ...more] = Object.entries(node) as [string, unknown][];
  const name = only === undefined || more.length > 0 ? undefined : /^(?:Fn::)?(\w+)$/.exec(only[0])?.[1];
  const isCall = name !== undefined && (only?.[0] === "Ref" || only?.[0].startsWith("Fn::"));
  return isCall === true ? [`!${name}`, only?.[1]] : undefined;
}

const isObject = (node: unknown): node is object =>
  typeof node === "object" && node !== null && !Array.isArray(node);

/** A value on one line. */
function flow(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(flow).join(", ")}]`;
  if (!isObject(node)) return node === true ? "yes" : JSON.stringify(node);
  const [tag, argument] = intrinsicIn(node) ?? [];
  // YAML has no second tag on one value.
  const isTagged = isObject(argument) && intrinsicIn(argument) !== undefined;
  if (tag !== undefined && !isTagged) return `${tag} ${flow(argument)}`;
  return `{ ${Object.entries(node)
    .map(([key, value]) => `${JSON.stringify(key)}: ${flow(value)}`)
    .join(", ")} }`;
}

/** A value over lines. */
export function yamlOf(node: object, indent = ""): string {
  return Object.entries(node)
    .map(([key, value]: [string, unknown]) => {
      const isBlock = isObject(value) && Object.keys(value).length > 0 && intrinsicIn(value) === undefined;
      const name = `${indent}${/^\w+$/.test(key) ? key : JSON.stringify(key)}:`;
      return isBlock ? `${name}\n${yamlOf(value, `${indent}  `)}` : `${name} ${flow(value)}\n`;
    })
    .join("");
}
