import { isObject, UNKNOWN } from "../shared/values";
import { textOf } from "../policies/s3-no-public-bucket-policy/text";

/**
 * Evaluates a CloudFormation template as far as it can be told before it is deployed ("Intrinsic function reference",
 * "Pseudo parameters reference" and "Template sections", AWS CloudFormation User Guide).
 *
 * KNOWN    parameters that are given, else their defaults; mappings; conditions on these; text that is made of them
 * FIXED    what AWS fills in and what can't be a wildcard: the account's ID, the ARN of a resource of the template. Such a
 *          text has the place in angle brackets, "arn:aws:iam::<AWS::AccountId>:root"; it equals nothing
 * UNKNOWN  what others decide: imports, macros, custom resources, parameters of the Systems Manager, dynamic references; a
 *          condition on what is fixed or unknown, and what depends on it. In a list both outcomes are there, since the
 *          lists that policies are made of only ever let more people in
 */
export interface Environment {
  /** Given values by name; UNKNOWN where they aren't known. */
  readonly parameters: unknown;
  /** Values of pseudo parameters that are known: `AWS::Region`. */
  readonly pseudo: Readonly<Record<string, string>>;
}

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** A property's value: undefined where it isn't there, UNKNOWN where nothing tells. */
  readonly read: (property: string) => unknown;
}

/** A part of the template in which there may be anything. */
export interface Hidden {
  /** Where it is: a JSON Pointer. */
  readonly path: string;
  /** Goes on after "it". */
  readonly reason: string;
  /** Whether AWS knows what to make of it. Otherwise it is one that nobody can read. */
  readonly isReadable: boolean;
}

export interface Evaluated {
  readonly resources: readonly TemplateResource[];
  readonly hidden: readonly Hidden[];
  /** The outputs that are a resource's name or ARN: their key, and the resource. */
  readonly exports: readonly { readonly key: string; readonly id: string }[];
}

type Functions = Readonly<Record<string, (argument: unknown) => unknown>>;

/** Transforms that are known to leave buckets as they are written. */
const TRANSFORMS = ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"];

/** The types of AWS::S3 ("Amazon S3 resource type reference"), those that no policy reads included. */
const S3_TYPES = [
  ...["AccessGrant", "AccessGrantsInstance", "AccessGrantsLocation", "AccessPoint", "Bucket", "BucketPolicy"],
  ...["MultiRegionAccessPoint", "MultiRegionAccessPointPolicy", "StorageLens", "StorageLensGroup"],
];

/** Types whose references and attributes can be any text. */
const ARBITRARY = /^(?!AWS::)|^AWS::(?:CloudFormation|SSM|Serverless::Application)(?:::|$)/;

/** Longer than all that S3 takes. A text that is made of itself, again and again, is longer than any memory. */
const LONGEST_TEXT = 100_000;

/** More conditions of conditions than any template has, and fewer than what a recursion overflows at. */
const LONGEST_CHAIN = 500;

/** A text with a place in it that AWS fills in. */
export function isFilledIn(value: unknown): boolean {
  return typeof value === "string" && /<[^<>]+>/.test(value);
}

/** The resources that the template makes, those whose condition isn't known included. */
export function evaluate(template: object, environment: Environment): Evaluated {
  const section = (name: string): [string, unknown][] => {
    const value = own(template, name);
    return isObject(value) ? Object.entries(value) : [];
  };
  const declared = new Map(section("Resources"));
  const valueOf = evaluator(template, declared, environment);

  const resources: TemplateResource[] = [];
  const macros = transformsOf(template);
  // What a macro is given need not be a template yet.
  const unreadable = macros.length > 0 ? [] : unreadableIn(own(template, "Resources"));
  const hidden: Hidden[] = [...macros, ...unreadable];
  for (const [id, node] of declared) {
    const path = `/Resources/${id}`;
    const type = own(node, "Type");
    const isMade = isMadeLater(id) || hasMacro(node);
    if (isMade) hidden.push({ path, reason: "is made when the template is deployed", isReadable: true });
    if (typeof type !== "string" || isMadeLater(id) || valueOf.condition(own(node, "Condition")) === false)
      continue;
    const reason = hides(type);
    if (reason !== undefined && !isMade) hidden.push({ path, reason, isReadable: true });
    const properties = own(node, "Properties");
    const read = (property: string): unknown => (isMade ? UNKNOWN : valueOf.property(properties, property));
    resources.push({ id, type, read });
  }
  const exports = section("Outputs").flatMap(([key, output]) => {
    const id = resourceIn(own(output, "Value"));
    return id !== undefined && declared.has(id) ? [{ key, id }] : [];
  });
  return { resources, hidden, exports };
}

/** A loop, or what a macro puts in the place of its call. */
function isMadeLater(key: string): boolean {
  return /^Fn::(?:ForEach::|Transform$)/.test(key);
}

/** A macro gets all that is beside its call, and gives back what it likes. */
function hasMacro(node: unknown): boolean {
  return isObject(node) && Object.keys(node).some(isMadeLater);
}

/** What CloudFormation refuses as well: nothing tells what it was meant to be. */
function unreadableIn(section: unknown): Hidden[] {
  const told = (path: string, reason: string): Hidden => ({ path, reason, isReadable: false });
  if (section === undefined) return [told("/Resources", "is missing")];
  if (!isObject(section)) return [told("/Resources", "is not an object")];
  return Object.entries(section).flatMap(([id, node]) => {
    if (isMadeLater(id)) return [];
    const path = `/Resources/${id}`;
    if (!isObject(node)) return [told(path, "is not an object")];
    const isTyped = typeof own(node, "Type") === "string";
    return isTyped || hasMacro(node) ? [] : [told(path, "has no Type that is a text")];
  });
}

function transformsOf(template: object): Hidden[] {
  const transforms = [own(template, "Transform")].flat().filter((each) => each !== undefined);
  const names = transforms.map((each) => (isObject(each) ? own(each, "Name") : each));
  const isKnown = names.every((name) => typeof name === "string" && TRANSFORMS.includes(name));
  const path =
    own(template, "Fn::Transform") === undefined ? (isKnown ? undefined : "/Transform") : "/Fn::Transform";
  const reason = "is a macro, which can change all of the template";
  return path === undefined ? [] : [{ path, reason, isReadable: true }];
}

/** Why nothing is seen of what a resource makes; undefined where all is seen. */
export function hides(type: string): string | undefined {
  if (type === "AWS::CloudFormation::Stack" || type === "AWS::Serverless::Application") {
    return "is a nested stack, whose template is elsewhere";
  }
  if (type.endsWith("::MODULE"))
    return "is a module of the CloudFormation registry, whose resources aren't in the template";
  const isBucket = type.startsWith("AWS::")
    ? type.startsWith("AWS::S3::") && !S3_TYPES.includes(type.slice("AWS::S3::".length))
    : /^(?=.*s3).*bucket/is.test(type);
  return isBucket ? `has the type ${type}, which looks like a bucket and isn't known here` : undefined;
}

/** The resource that a value is the name or the ARN of. */
function resourceIn(value: unknown): string | undefined {
  const attribute = own(value, "Fn::GetAtt");
  const parts = typeof attribute === "string" ? attribute.split(".") : attribute;
  const id =
    own(value, "Ref") ?? (Array.isArray(parts) && parts[1] === "Arn" ? (parts[0] as unknown) : undefined);
  return typeof id === "string" ? id : undefined;
}

interface Evaluator {
  /** Whether a resource with the condition is there. */
  readonly condition: (name: unknown) => boolean | typeof UNKNOWN;
  readonly property: (properties: unknown, name: string) => unknown;
}

function evaluator(
  template: object,
  declared: ReadonlyMap<string, unknown>,
  { parameters, pseudo }: Environment,
): Evaluator {
  const outcomes = new Map<string, boolean | typeof UNKNOWN>();
  let depth = 0;
  // A long list that is asked for again and again is made once.
  const given = new Map<string, unknown>();
  const mapped = new Map<string, unknown>();

  function condition(name: unknown): boolean | typeof UNKNOWN {
    if (name === undefined || name === null) return true;
    if (typeof name !== "string") return UNKNOWN;
    const before = outcomes.get(name);
    if (before !== undefined) return before;
    outcomes.set(name, UNKNOWN); // What a condition that asks for itself gets.
    if (depth >= LONGEST_CHAIN) return UNKNOWN;
    depth++;
    const outcome = test(own(own(template, "Conditions"), name));
    depth--;
    outcomes.set(name, outcome);
    return outcome;
  }

  function test(node: unknown): boolean | typeof UNKNOWN {
    const [name, argument] = intrinsicIn(node) ?? ["", undefined];
    const list = Array.isArray(argument) ? (argument as unknown[]) : [];
    switch (name) {
      case "Condition":
        return condition(argument);
      case "Fn::Equals":
        return list.length === 2 ? equal(value(list[0]), value(list[1])) : UNKNOWN;
      case "Fn::Not": {
        const outcome = list.length === 1 ? test(list[0]) : UNKNOWN;
        return outcome === UNKNOWN ? UNKNOWN : !outcome;
      }
      case "Fn::And":
        return decidedBy(false, list.map(test));
      case "Fn::Or":
        return decidedBy(true, list.map(test));
      default:
        return UNKNOWN;
    }
  }

  function value(node: unknown): unknown {
    if (typeof node === "string") return node.includes("{{resolve:") ? UNKNOWN : node;
    if (Array.isArray(node)) return node.flatMap(member);
    if (!isObject(node)) return node;
    const intrinsic = intrinsicIn(node);
    if (intrinsic !== undefined) {
      const [name, argument] = intrinsic;
      return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.(argument) : UNKNOWN;
    }
    if (Object.keys(node).some((key) => key.startsWith("Fn::"))) return UNKNOWN;
    const entries = Object.entries(node).map(([key, inner]): [string, unknown] => [key, value(inner)]);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  }

  function values(argument: unknown): unknown[] {
    const list = value(argument);
    return Array.isArray(list) ? (list as unknown[]) : [];
  }

  /** What an element of a list is: nothing, itself, or both outcomes of a condition that isn't known. */
  function member(node: unknown): unknown[] {
    const [name, argument] = intrinsicIn(node) ?? [];
    const isOpen = name === "Fn::If" && Array.isArray(argument) && condition(argument[0]) === UNKNOWN;
    const all = isOpen ? (argument as unknown[]).slice(1).flatMap(member) : [value(node)];
    return all.filter((each) => each !== undefined);
  }

  function reference(name: unknown): unknown {
    if (typeof name !== "string") return UNKNOWN;
    if (name === "AWS::NoValue") return undefined;
    if (name.startsWith("AWS::")) return Object.hasOwn(pseudo, name) ? pseudo[name] : `<${name}>`;
    const declaration = own(own(template, "Parameters"), name);
    if (declaration !== undefined) return once(given, name, () => parameter(name, declaration));
    return declared.has(name) ? fixed(name, name) : UNKNOWN;
  }

  function parameter(name: string, declaration: unknown): unknown {
    const type = own(declaration, "Type");
    if (typeof type !== "string" || type.startsWith("AWS::SSM::")) return UNKNOWN;
    // A default holds where nothing is given: of what can't be read, who knows?
    if (parameters !== undefined && parameters !== null && !isObject(parameters)) return UNKNOWN;
    const told = own(parameters, name) ?? own(declaration, "Default");
    if (told === undefined || told === UNKNOWN) return UNKNOWN;
    const text = typeof told === "string" ? value(told) : textOf(told);
    if (text === undefined) return UNKNOWN;
    const isList = type === "CommaDelimitedList" || type.startsWith("List<");
    return isList && typeof text === "string" ? text.split(",").map((each) => each.trim()) : text;
  }

  function lookUp(keys: readonly (string | undefined)[]): unknown {
    const found = keys.reduce<unknown>((map, key) => own(map, key ?? ""), own(template, "Mappings"));
    return [found].flat().every((each) => textOf(each) !== undefined) ? value(found) : UNKNOWN;
  }

  function fixed(id: string, place: string): unknown {
    const type = own(declared.get(id), "Type");
    return typeof type !== "string" || ARBITRARY.test(type) ? UNKNOWN : `<${place}>`;
  }

  function attribute(argument: unknown): unknown {
    const parts = typeof argument === "string" ? argument.split(".") : argument;
    if (!Array.isArray(parts) || parts.some((part) => typeof part !== "string")) return UNKNOWN;
    return fixed(parts[0] as string, parts.join("."));
  }

  function substitute(argument: unknown): unknown {
    const [text, names] = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    if (typeof text !== "string") return UNKNOWN;
    const locals = new Map<string, unknown>();
    // No name has a brace in it. Without that, a text of nothing but "${" takes as long as its length squared.
    const parts = text.split(/(\$\{[^{}]*\})/).map((part) => {
      const name = /^\$\{([^{}]*)\}$/.exec(part)?.[1]?.trim();
      if (name === undefined) return part.includes("${") ? UNKNOWN : part;
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      const local = own(names, name);
      if (local !== undefined) {
        if (!locals.has(name)) locals.set(name, value(local));
        return locals.get(name);
      }
      return name.includes(".") && !name.startsWith("AWS::") ? attribute(name) : reference(name);
    });
    return joined(parts, "");
  }

  const FUNCTIONS: Functions = {
    Ref: reference,
    "Fn::GetAtt": attribute,
    "Fn::Sub": substitute,
    "Fn::ToJsonString": value,
    "Fn::If": (argument) => {
      const [name, yes, no] = Array.isArray(argument) ? (argument as unknown[]) : [];
      const outcome = condition(name ?? UNKNOWN);
      if (outcome !== UNKNOWN) return value(outcome ? yes : no);
      const both = [value(yes), value(no)];
      return written(both[0]) === written(both[1]) && !has(both, UNKNOWN) ? both[0] : UNKNOWN;
    },
    "Fn::Join": (argument) => {
      const [delimiter, list] = values(argument);
      return typeof delimiter === "string" && Array.isArray(list)
        ? joined(list as unknown[], delimiter)
        : UNKNOWN;
    },
    "Fn::Split": (argument) => {
      const [delimiter, text] = values(argument);
      const isText = typeof delimiter === "string" && typeof text === "string" && delimiter !== "";
      return isText ? text.split(delimiter) : UNKNOWN;
    },
    "Fn::Select": (argument) => {
      const [index, list] = values(argument);
      const at = Number(textOf(index) ?? NaN);
      return Array.isArray(list) && at in list ? (list as unknown[])[at] : UNKNOWN;
    },
    "Fn::FindInMap": (argument) => {
      const keys = values(argument).map(textOf);
      return keys.length === 3 ? once(mapped, JSON.stringify(keys), () => lookUp(keys)) : UNKNOWN;
    },
  };

  return {
    condition,
    property: (properties, name) => {
      if (!isObject(properties)) return properties === undefined || properties === null ? undefined : UNKNOWN;
      if (Object.keys(properties).some((key) => key.startsWith("Fn::"))) return UNKNOWN;
      return value(own(properties, name));
    },
  };
}

/** A value as CloudFormation compares it: a parameter's "true" is as good as true. */
function written(value: unknown): string | undefined {
  return JSON.stringify(value, (_, inner: unknown) => textOf(inner) ?? inner);
}

function once(known: Map<string, unknown>, key: string, make: () => unknown): unknown {
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}

/** The name and the argument, where the value is a call of an intrinsic function. */
function intrinsicIn(node: unknown): [string, unknown] | undefined {
  if (!isObject(node)) return undefined;
  const [only, ...more] = Object.entries<unknown>(node);
  const isCall = only !== undefined && more.length === 0 && /^(?:Ref|Condition|Fn::.*)$/.test(only[0]);
  // A policy's statement has a Condition that isn't the name of one.
  return isCall && (only[0] !== "Condition" || typeof only[1] === "string") ? only : undefined;
}

function equal(one: unknown, other: unknown): boolean | typeof UNKNOWN {
  const [first, second] = [textOf(one), textOf(other)];
  if (first === undefined || second === undefined) return UNKNOWN;
  return isFilledIn(first) || isFilledIn(second) ? UNKNOWN : first === second;
}

function decidedBy(
  decisive: boolean,
  outcomes: readonly (boolean | typeof UNKNOWN)[],
): boolean | typeof UNKNOWN {
  if (outcomes.includes(decisive)) return decisive;
  return outcomes.includes(UNKNOWN) || outcomes.length === 0 ? UNKNOWN : !decisive;
}

function joined(parts: readonly unknown[], delimiter: string): unknown {
  const texts = parts.map(textOf);
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return texts.includes(undefined) || length > LONGEST_TEXT ? UNKNOWN : texts.join(delimiter);
}

function has(value: unknown, what: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === what;
  return Object.values(value).some((inner) => has(inner, what));
}

function own(object: unknown, key: string): unknown {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}
