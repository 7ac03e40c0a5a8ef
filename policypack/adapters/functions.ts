import { textOf } from "../lib/json-text";
import { hasUnknown, isObject, property, UNKNOWN } from "../lib/values";

/**
 * CloudFormation's functions before a template is deployed ("Intrinsic function reference" and "Pseudo parameters reference",
 * AWS CloudFormation User Guide). Each value is one of three:
 *
 * known     parameters that are given, else their defaults; mappings; text that is made of them. Where AWS fills in what
 *           can't be a wildcard, the account's ID or a resource's ARN, the text has that place in angle brackets,
 *           "arn:aws:iam::<AWS::AccountId>:root", and equals nothing
 * UNKNOWN   what others decide: imports, macros, custom resources, parameters of the Systems Manager, dynamic references; a
 *           condition on what is unknown or filled in; each text, length and place in a list that depends on one of these
 * undefined what isn't there: `AWS::NoValue`
 */
export interface Environment {
  /** Given values by name; UNKNOWN where they aren't known. */
  readonly parameters: unknown;
  /** Values of pseudo parameters that are known: `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
}

type Outcome = boolean | typeof UNKNOWN;

/** Types whose references and attributes can be any text. */
const ARBITRARY = /^(?!AWS::)|^AWS::(?:CloudFormation|SSM|Serverless::Application|ServiceCatalog)(?:::|$)/;

/** Longer than all that S3 takes. A text that is made of itself, again and again, is longer than any memory. */
const LONGEST_TEXT = 100_000;

/** More conditions of conditions than any template has, and fewer than what a recursion overflows at. */
const LONGEST_CHAIN = 500;

type Function = (argument: unknown, isUnion: boolean) => unknown;
type Condition = (argument: unknown) => Outcome;

/** Resolves the names in a template, and so evaluates its values. */
export function scopeOf(template: object, { parameters, pseudo }: Environment) {
  /** A long list that is asked for again and again is made once. */
  const made = new Map<unknown, unknown>();
  let depth = 0;

  /** A function of the values in its list; each is undefined where the list itself is unknown. */
  const ofValues =
    (of: (values: readonly unknown[]) => unknown): Function =>
    (argument) =>
      of(listOf(value(argument)));

  const functions: Readonly<Record<string, Function>> = {
    Ref: reference,
    "Fn::GetAtt": attribute,
    "Fn::Sub": substitute,
    "Fn::If": (argument, isUnion) => oneOf(outcomes({ "Fn::If": argument }, isUnion)),
    "Fn::ToJsonString": value, // It is read as what is in it.
    "Fn::Join": ofValues(([delimiter, list]) => joined(list, delimiter)),
    // A text that AWS fills in may have the delimiter in it.
    "Fn::Split": ofValues(([delimiter, text]) =>
      isText(delimiter) && delimiter !== "" && isText(text) && !isFilledIn(text) ? text.split(delimiter) : UNKNOWN,
    ),
    "Fn::Select": ofValues(([index, list]) => {
      const at = textOf(index) ?? "";
      return Array.isArray(list) && /^\d+$/.test(at) && Number(at) in list ? list[Number(at)] : UNKNOWN;
    }),
    "Fn::Length": (argument) => {
      const list = value(argument);
      return Array.isArray(list) ? list.length : UNKNOWN;
    },
    "Fn::FindInMap": ofValues(([map, first, second, options]) => {
      const keys = [map, first, second].map(textOf);
      if (keys.some((key) => key === undefined || isFilledIn(key))) return UNKNOWN;
      return mapped(keys as string[]) ?? property(options, "DefaultValue") ?? UNKNOWN;
    }),
  };

  const conditions: Readonly<Record<string, Condition>> = {
    Condition: (name) => (isText(name) ? condition(name) : UNKNOWN),
    "Fn::Equals": (argument) => {
      const [one, other, ...more] = listOf(argument).map((each) => textOf(value(each)));
      if (one === undefined || other === undefined || more.length > 0) return UNKNOWN;
      return isFilledIn(one) || isFilledIn(other) ? UNKNOWN : one === other;
    },
    "Fn::Not": (argument) => {
      const [outcome, ...more] = tests(argument);
      return typeof outcome !== "boolean" || more.length > 0 ? UNKNOWN : !outcome;
    },
    "Fn::And": (argument) => decidedBy(false, tests(argument)),
    "Fn::Or": (argument) => decidedBy(true, tests(argument)),
  };

  /**
   * Evaluates a value. With `isUnion` a list has both outcomes of an unknown condition: the lists that policies are made
   * of only ever let more people in.
   */
  function value(node: unknown, isUnion = false): unknown {
    if (isText(node)) return node.includes("{{resolve:") ? UNKNOWN : node;
    if (Array.isArray(node)) return listed(node, isUnion);
    if (!isObject(node)) return node;
    const [name, argument] = callIn(node) ?? [];
    if (name !== undefined) return Object.hasOwn(functions, name) ? functions[name]?.(argument, isUnion) : UNKNOWN;
    if (hasFunction(node)) return UNKNOWN;
    const entries = Object.entries(node).map(([key, inner]) => [key, value(inner, isUnion)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }

  /** All that a value may come to, as far as conditions decide it. */
  function outcomes(node: unknown, isUnion: boolean): unknown[] {
    const [name, argument] = callIn(node) ?? [];
    if (name === "Fn::Transform") return [undefined, UNKNOWN];
    if (name !== "Fn::If") return [value(node, isUnion)];
    const [test, ...branches] = listOf(argument);
    if (branches.length !== 2) return [UNKNOWN];
    const outcome = isText(test) ? condition(test) : UNKNOWN;
    const open = outcome === UNKNOWN ? branches : [branches[outcome ? 0 : 1]];
    return open.flatMap((branch) => outcomes(branch, isUnion));
  }

  function listed(nodes: readonly unknown[], isUnion: boolean): unknown {
    const all = nodes.map((node) => outcomes(node, isUnion));
    const values = all.flatMap((each) => (isUnion ? each : [oneOf(each)])).filter((it) => it !== undefined);
    const mayGo = all.filter((each) => each.includes(undefined) && each.some((it) => it !== undefined));
    if (mayGo.length === 0) return values;
    // An element that may not be there moves those behind it. If all may go, the list may be empty.
    if (!isUnion) return UNKNOWN;
    return all.every((each) => each.includes(undefined)) ? [...values, UNKNOWN] : values;
  }

  function condition(name: string): Outcome {
    const key = `Condition ${name}`;
    if (made.has(key)) return made.get(key) as Outcome;
    made.set(key, UNKNOWN); // The answer to a condition that asks for itself.
    if (depth >= LONGEST_CHAIN) return UNKNOWN;
    depth++;
    const [outcome = UNKNOWN] = tests([at("Conditions", name)]);
    depth--;
    made.set(key, outcome);
    return outcome;
  }

  function tests(nodes: unknown): Outcome[] {
    return listOf(nodes).map((node) => {
      const [name = "", argument] = callIn(node) ?? [];
      return Object.hasOwn(conditions, name) ? (conditions[name]?.(argument) ?? UNKNOWN) : UNKNOWN;
    });
  }

  function reference(name: unknown): unknown {
    if (!isText(name)) return UNKNOWN;
    if (name === "AWS::NoValue") return undefined;
    if (name.startsWith("AWS::")) return property(pseudo, name) ?? `<${name}>`;
    const declaration = property(property(template, "Parameters"), name);
    return declaration === undefined ? filledIn(name) : once(`Ref ${name}`, () => parameter(name, declaration));
  }

  function parameter(name: string, declaration: unknown): unknown {
    const type = property(declaration, "Type");
    // A default holds where nothing is given: of what can't be read, who knows?
    if (!isText(type) || type.startsWith("AWS::SSM::") || !isObject(parameters ?? {})) return UNKNOWN;
    const given = property(parameters, name) ?? property(declaration, "Default");
    const text = isText(given) ? value(given) : textOf(given);
    const isList = type === "CommaDelimitedList" || type.startsWith("List<");
    return isList && isText(text) ? text.split(",").map((each) => each.trim()) : (text ?? UNKNOWN);
  }

  function attribute(path: unknown): unknown {
    const parts = isText(path) ? path.split(".") : listOf(path);
    return parts.length > 0 && parts.every(isText) ? filledIn(...parts) : UNKNOWN;
  }

  /** The place of what AWS fills in: a resource's ARN, or another attribute. */
  function filledIn(...path: readonly string[]): unknown {
    const type = property(property(property(template, "Resources"), path[0] ?? ""), "Type");
    return isText(type) && !ARBITRARY.test(type) ? `<${path.join(".")}>` : UNKNOWN;
  }

  /** Undefined where there is no such key. */
  function mapped(keys: readonly string[]): unknown {
    return once(JSON.stringify(keys), () => {
      const found = at("Mappings", ...keys);
      if (found === undefined) return undefined;
      return [found].flat().every((each) => textOf(each) !== undefined) ? value(found) : UNKNOWN;
    });
  }

  /** The value at the end of a path. A macro on it comes back with keys of its own. */
  function at(...path: readonly string[]): unknown {
    let found: unknown = template;
    for (const key of path) {
      if (found !== template && once(found, () => hasFunction(found)) === true) return UNKNOWN;
      found = property(found, key);
    }
    return found;
  }

  function once(key: unknown, make: () => unknown): unknown {
    if (!made.has(key)) made.set(key, make());
    return made.get(key);
  }

  function substitute(argument: unknown): unknown {
    const [text, names] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    if (!isText(text)) return UNKNOWN;
    const locals = new Map<string, unknown>();
    // No name has a brace in it. Without that, a text of nothing but "${" takes as long as its length squared.
    const parts = text.split(/(\$\{[^{}]*\})/).map((part) => {
      const name = /^\$\{([^{}]*)\}$/.exec(part)?.[1]?.trim();
      if (name === undefined) return part.includes("${") ? UNKNOWN : part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      const local = property(names, name);
      if (local === undefined) return (name.includes(".") && !name.startsWith("AWS::") ? attribute : reference)(name);
      if (!locals.has(name)) locals.set(name, value(local));
      return locals.get(name);
    });
    return joined(parts, "");
  }

  return { value, condition };
}

/** The name and the argument, where the value is a call of a function. */
function callIn(node: unknown): [string, unknown] | undefined {
  if (!isObject(node)) return undefined;
  const [only, ...more] = Object.entries<unknown>(node);
  const isCall = only !== undefined && more.length === 0 && /^(?:Ref|Condition|Fn::.*)$/.test(only[0]);
  // A policy's statement has a Condition that isn't the name of one.
  return isCall && (only[0] !== "Condition" || typeof only[1] === "string") ? only : undefined;
}

/** The one value that all outcomes are. */
function oneOf(outcomes: readonly unknown[]): unknown {
  const [first, ...more] = outcomes;
  if (more.length === 0) return first;
  const text = written(first);
  return !outcomes.some(hasUnknown) && more.every((each) => written(each) === text) ? first : UNKNOWN;
}

/** A value as CloudFormation compares it: a parameter's "true" is as good as true, and keys have no order. */
function written(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) =>
    isObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : (textOf(inner) ?? inner),
  );
}

function decidedBy(decisive: boolean, outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes(decisive)) return decisive;
  return outcomes.includes(UNKNOWN) || outcomes.length === 0 ? UNKNOWN : !decisive;
}

function joined(parts: unknown, delimiter: unknown): unknown {
  if (!Array.isArray(parts) || typeof delimiter !== "string") return UNKNOWN;
  const texts = parts.map(textOf);
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0) + delimiter.length, 0);
  return texts.includes(undefined) || length > LONGEST_TEXT ? UNKNOWN : texts.join(delimiter);
}

/** A text with a place in it that AWS fills in. */
export function isFilledIn(value: unknown): boolean {
  return typeof value === "string" && /<[^<>]+>/.test(value);
}

/** Whether an object has a function among its keys, which receives all of them and may return anything. */
export function hasFunction(node: unknown): boolean {
  return isObject(node) && Object.keys(node).some((key) => key.startsWith("Fn::"));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
