import { camelCase, filled } from "../lib/case";
import WRITTEN from "./languages.json";

/*
 * Each language by its templates (languages.json). What one leaves out is as in TypeScript. Types of C# and Java are called by their
 * full names, which need no import; the packages of the others are imported by their usual names: `aws`, `awsNative`.
 */
type Alias = Partial<typeof WRITTEN.nodejs.alias>;
type Templates = Omit<typeof WRITTEN.nodejs, "outputs" | "alias" | "nested" | "block"> & {
  readonly outputs: Readonly<Record<string, string>>;
  readonly alias: Alias;
  readonly nested: Lines;
  readonly block: Lines;
};

/** Lines, and indented ones in a list of their own. */
type Lines = readonly (string | Lines)[];

/** Lines with the values in them; a line that is nothing but a list's name stands for its lines. */
function laidOut(
  templates: Lines,
  unit: string,
  values: Readonly<Record<string, string>>,
  lists: Readonly<Record<string, readonly string[]>>,
): string[] {
  return templates.flatMap((line) => {
    if (typeof line !== "string") return laidOut(line, unit, values, lists).map((each) => unit + each);
    return lists[line.slice(1, -1)] ?? filled(line, values);
  });
}

/**
 * A text in double quotes, which is the same in all of these languages: with no character in it that ends a line in one of
 * them, or that can't be seen.
 */
const doubleQuoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Words that YAML 1.1 takes for something else than text. */
const OTHER = /^(true|false|yes|no|on|off|y|n|null)$/i;

const TEXTS: Readonly<Record<string, (text: string) => string>> = {
  YAML: (text) => (/^[A-Za-z][\w-]*$/.test(text) && !OTHER.test(text) ? text : doubleQuoted(text)),
  HCL: (text) => doubleQuoted(text).replace(/[$%](?=\{)/g, "$&$&"),
};

/** Two on a line, and the first alone where their number is odd. */
const inPairs = (all: readonly string[], between: string): string[] =>
  all.flatMap((each, at) => {
    if (at % 2 === all.length % 2) return `${each}${between}${all[at + 1] ?? ""}`.split("\n");
    return at === 0 ? each : [];
  });

/**
 * How the program of a language sets properties of a resource, and makes a public access block. The pack writes its fixes with it,
 * and the gate its edits.
 */
export type Language = Readonly<ReturnType<typeof language>>;

function language(own: Partial<Templates>) {
  const templates: Templates = { ...WRITTEN.nodejs, ...own };
  // The language's name; one level of indentation where the program shows none; the beginning of a comment; the literal for
  // true; the words for the variable that holds a resource; the option that retains a resource on deletion.
  const { title, unit, comment, truth, holder, retained, alias, between } = templates;
  /** A text, as the program writes it. */
  const text = TEXTS[title] ?? doubleQuoted;
  /** A property's name, from that of the AWS provider: `blockPublicAcls`. */
  const name = (property: string): string => filled(templates.name, { it: property });
  /** A property that is given an expression, with the comma that the language has there. */
  const assignment = (property: string, value: string): string =>
    filled(templates.assignment, { name: name(property), value });
  /** The same, given true or this text. */
  const setting = (property: string, given?: string): string =>
    assignment(property, given === undefined ? truth : filled(templates.text, { text: given }));
  const typed = ({ package: from, module, name: type }: TypeName) => ({ package: from, module, type });
  return {
    ...{ title, unit, comment, truth, holder, retained, text, name, assignment, setting },
    /** A property that holds others; in languages with types it has one of this name in the package's module. */
    nested: (property: string, type: TypeName, set: readonly string[]): string[] =>
      laidOut(templates.nested, unit, { ...typed(type), name: name(property) }, { set }),
    /** A variable from words: `["your", "bucket"]`. */
    variable: (...words: string[]): string => (templates.variable === "snake" ? words.join("_") : camelCase(...words)),
    /** An output of the resource that a variable holds: `id`. */
    output: (variable: string, property: string): string =>
      filled(templates.outputs[property] ?? templates.output, { variable, name: name(property) }),
    /** The constructor of a resource of the type: `aws.s3.Bucket`. */
    maker: (type: TypeName): string => {
      const last = type.module === "" ? type.package : type.module;
      // A type may have no module.
      return filled(templates.maker, { ...typed(type), last }).replace(/([.:_])\1/g, "$1");
    },
    /** The option that gives a resource its provider; empty where that is left to the reader. */
    provider: (variable: string): string => filled(templates.provider, { variable }),
    /** The resource option by which a resource is the same as one that was named otherwise, or was elsewhere. */
    aliases: (former: Former): string => aliasOf(alias, former, text),
    /** The lines that make a public access block, without indentation of their own. */
    block: (made: NewBlock): string[] => {
      const set = [assignment("bucket", made.bucket), ...made.properties.map((each) => setting(each))];
      return blockOf(templates, made, made.isShort === true ? inPairs(set, between) : set);
    },
  };
}

function aliasOf(alias: Alias, { urn, name, parent }: Former, text: (given: string) => string): string {
  const elsewhere = parent === null ? alias.root : alias.parent;
  const given = [
    name !== undefined && ([alias.name, name] as const),
    parent !== undefined && ([elsewhere, parent] as const),
  ];
  const parts = given.flatMap((each) => (each ? filled(each[0] ?? "", { text: doubleQuoted(each[1] ?? "") }) : []));
  if (parts.length === 0 || alias.changed === undefined) return filled(alias.urn ?? "", { text: text(urn) });
  return filled(alias.changed, { all: parts.join(alias.between) });
}

function blockOf({ title, options, block, alias }: Templates, made: NewBlock, set: readonly string[]): string[] {
  const { maker, name, unit, isShort = false, context = "ctx", error = "err", assign = ":=" } = made;
  const { onError = [`${unit}return err`, "}"] } = made;
  const one = (all: string): string => filled(options, { all });
  const values = {
    ...{ maker, name, context, error, assign, args: maker.replace(/\bNew(?=\w+$)/, "") },
    options: made.options.length === 0 ? "" : one(made.options.join(alias.between)),
  };
  // Go's own formatting, and YAML's braces, within which a reference needs quotes.
  const width = Math.max(...set.map((line) => line.indexOf(" ")));
  const lines = title === "Go" && !isShort ? set.map((line) => line.replace(/^\S+/, (key) => key.padEnd(width))) : set;
  const flow = `properties: { ${set.join(`,\n${unit}`).replace(/\$\{[^{}]*\}/, '"$&"')} }`;
  return laidOut(block, unit, values, {
    ...{ set: lines, onError, each: made.options.map(one), head: made.options.length === 0 ? [] : ["options:"] },
    properties: isShort ? flow.split("\n") : ["properties:", ...set.map((line) => unit + line)],
  });
}

const written = (name: Exclude<keyof typeof WRITTEN, "nodejs">): Language => language(WRITTEN[name]);

/** TypeScript, which is JavaScript here. */
export const javascript = language({});

/** The languages that fixes are written in. */
export const LANGUAGES = {
  ...{ javascript, python: written("python"), go: written("go"), csharp: written("dotnet") },
  ...{ java: written("java"), yaml: written("yaml") },
} as const;

export type LanguageName = keyof typeof LANGUAGES;

const { csharp: dotnet, javascript: nodejs, ...others } = LANGUAGES;
/** The `runtime` of a Pulumi.yaml. Bun runs what Node.js runs. The gate reads no source in HCL, and has no edits for it. */
const RUNTIMES: Readonly<Record<string, Language>> = { ...others, nodejs, bun: nodejs, dotnet, hcl: written("hcl") };

/** Undefined for a runtime that isn't known here. */
export function languageOfRuntime(runtime: string): Language | undefined {
  return Object.hasOwn(RUNTIMES, runtime) ? RUNTIMES[runtime] : undefined;
}

/** A type of a package: `aws`, `s3`, `Bucket`. A provider that is bridged on the fly has one module, named by an empty text. */
interface TypeName {
  readonly package: "aws" | "aws-native";
  readonly module: string;
  readonly name: string;
}

/** The former identity of a resource. */
interface Former {
  readonly urn: string;
  /** Its logical name, if that was another one. */
  readonly name?: string;
  /** The URN of its parent, if that was another one. The stack's own resource has no parent: null. */
  readonly parent?: string | null;
}

/** A public access block of a bucket, in the program's own names: each is an expression of its language. */
interface NewBlock {
  /** Its constructor: `aws.s3.BucketPublicAccessBlock`, in Go `s3.NewBucketPublicAccessBlock`. */
  readonly maker: string;
  /** Its logical name. In YAML the key. */
  readonly name: string;
  /** The bucket's id: `uploads.id`. */
  readonly bucket: string;
  /** The resource options, each by itself; in YAML the lines below `options:`. */
  readonly options: readonly string[];
  /** Which properties are true, by their names in the AWS provider: `blockPublicAcls`. */
  readonly properties: readonly string[];
  /** One level of indentation. */
  readonly unit: string;
  /** Whether it takes as few lines as it can, for a message. */
  readonly isShort?: boolean;
  /** In Go, what is done with an error, to the closing bracket. */
  readonly onError?: readonly string[];
  /** In Go, the variables of the context and of the error, and whether the latter is a new one. */
  readonly context?: string;
  readonly error?: string;
  readonly assign?: ":=" | "=";
}
