import type { SyntaxNode } from "@lezer/common";
import { callOf, entriesOf, type Entry, isCallOf } from "./entries";
import { children, hasEffects, itemsOf, textOf } from "./nodes";
import { type Call, type Source } from "./syntax";
import SYNTAX from "./syntax.json";

/*
 * Without its bucket's provider a block can end up in another region or account, where it locks nothing. So it gets the bucket's
 * options, however the program writes them, except those that only one resource can have.
 */

const SHARED = /^(parent|providers?|Parent|Provider(s|Map)?|Composite)$/;
const OWN = ["aliases", "id", "import"];
/** The beginning of such an option in a larger expression of Python or Go. */
const OWN_IN = /\b(aliases|id|import_)\s*=|\b(Aliases|Import)\(/;

interface Option {
  readonly text: string;
  /** The program's expressions in it. */
  readonly nodes: readonly SyntaxNode[];
}

/** The resource options of a block, each as the language's block takes them; undefined if they can't be repeated. */
export function optionsFor(source: Source, call: Call): string[] | undefined {
  const options = { javascript: inJavaScript, python: inPython, go: inGo }[source.grammar](source, call);
  const isRepeatable = (node: SyntaxNode): boolean => !hasEffects(node, source.text, (each) => isOfSdk(each, source));
  return options?.every(({ nodes }) => nodes.every(isRepeatable)) ? options.map(({ text }) => text) : undefined;
}

/** `pulumi.mergeOptions(…)`, Python's `opts.merge(…)` and the like give the same for the same. */
function isOfSdk(node: SyntaxNode, source: Source): boolean {
  const call = callOf(node, source);
  const own = { javascript: /^$/, python: /\.merge$/, go: /^$/ }[source.grammar];
  return call?.origin?.[0] === "pulumi" || own.test(call?.callee ?? "");
}

const isShared = ({ key, isSpread }: Entry): boolean => isSpread === true || SHARED.test(key);

/** The entries of `{ … }`; what comes from elsewhere is spread, and its own options are set to undefined. */
function inJavaScript(source: Source, { args }: Call): Option[] | undefined {
  const { text } = source;
  const node = args[2]?.node;
  if (args.some(({ isSpread }) => isSpread)) return undefined;
  if (node === undefined || textOf(node, text) === "undefined") return [];
  const entries = entriesOf(node, source) ?? [{ key: "", first: node, last: node, value: node, isSpread: true }];
  const shared = entries.filter(isShared);
  const own = new Set(shared.flatMap(({ isSpread, value }) => (isSpread && value ? ownIn(value, source) : [])));
  return [
    ...shared.map(({ first, last, value, isSpread }) => ({
      text: isSpread && value ? `...${textOf(value, text)}` : text.slice(first.from, last.to),
      nodes: [value ?? last],
    })),
    ...[...own].map((key) => ({ text: `${key}: undefined`, nodes: [] })),
  ];
}

/** The options for one resource alone that an object may have: those of its literal, if that is known. */
function ownIn(node: SyntaxNode, source: Source): string[] {
  const literal = node.name === "VariableName" ? source.names.valueOf(node) : undefined;
  const entries = literal && entriesOf(literal, source);
  if (entries === undefined || entries.some(({ isSpread }) => isSpread)) return OWN;
  return OWN.filter((own) => entries.some(({ key }) => key === own));
}

/** `opts=`, or the argument at its place. */
function inPython(source: Source, { args }: Call): Option[] | undefined {
  const [, second, third] = args.filter(({ keyword }) => keyword === undefined);
  const isOptions = second !== undefined && isCallOf("ResourceOptions", second.node, source);
  const isKnown = second === undefined || third !== undefined || isOptions || isCallOf("Args", second.node, source);
  const given = args.find(({ keyword }) => keyword === "opts") ?? third ?? (isOptions ? second : undefined);
  if (args.some(({ isSpread }) => isSpread) || (given === undefined && !isKnown)) return undefined;
  if (given === undefined || given.node.name === "None") return [];
  const whole = textOf(given.node, source.text);
  const entries = isCallOf("ResourceOptions", given.node, source) ? entriesOf(given.node, source) : undefined;
  if (entries === undefined || entries.some(({ key }) => key === ""))
    return OWN_IN.test(whole) ? undefined : [{ text: `opts=${whole}`, nodes: [given.node] }];
  const shared = entries.filter(isShared);
  const texts = shared.map(({ first, last }) => source.text.slice(first.from, last.to));
  const text = `opts=${whole.slice(0, whole.indexOf("("))}(${texts.join(", ")})`;
  return texts.length === 0 ? [] : [{ text, nodes: shared.map(({ last }) => last) }];
}

/** Options of the SDK that are shared, and all that comes from elsewhere: `opts...`; of lists, their items alike. */
function inGo(source: Source, { args }: Call): Option[] | undefined {
  const { text } = source;
  const sharedIn = (items: readonly (readonly SyntaxNode[])[]): Option[] =>
    items.flatMap(([item, ...behind]) => {
      const node = item?.name === "Element" ? item.firstChild : item;
      const call = node ? callOf(node, source) : undefined;
      const [root, option = ""] = call?.origin ?? [];
      if (!node || (root === "pulumi" && !SHARED.test(option))) return [];
      const list = node.getChild(/^append$|\.Composite$/.test(call?.callee ?? "") ? "Arguments" : "LiteralValue");
      const dots = behind.map((each) => textOf(each, text)).join("");
      if (list === null) return { text: textOf(node, text) + dots, nodes: [node] };
      const shared = sharedIn(itemsOf(children(list)));
      const inner = shared.map((each) => each.text).join(", ");
      const whole = text.slice(node.from, list.from + 1) + inner + text.slice(list.to - 1, list.to);
      // With nothing left to append.
      const put = whole.replace(/^append\((\w+)\)$/, "$1") + dots;
      return { text: put, nodes: shared.flatMap(({ nodes }) => nodes) };
    });
  const list = args[0]?.node.parent;
  const options = list ? sharedIn(itemsOf(children(list)).slice(SYNTAX.go.name + 2)) : [];
  return options.some(({ text: each }) => OWN_IN.test(each)) ? undefined : options;
}
