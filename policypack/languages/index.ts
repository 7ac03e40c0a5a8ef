import { camelCase, capitalized, decapitalized, snakeCase } from "../lib/case";
import type { Former, Language, NewBlock, TypeName } from "./language";

export type { Former, Language } from "./language";

/** A language by its templates, in which `*` is what is put in. What isn't given is as in TypeScript. */
interface Templates extends Partial<Omit<Language, "title" | "assignment" | "aliases" | "block">> {
  readonly title: string;
  /** A property that is given an expression. */
  readonly assignment: (name: string, expression: string) => string;
  /** The lines around properties in a property. */
  readonly around: (name: string, type: TypeName) => readonly [head: readonly string[], end: readonly string[]];
  /** An alias with another name, another parent and none, and with the URN alone, which can be all that there is. */
  readonly alias: { name?: string; parent?: string; root?: string; by?: string; changed?: string; urn: string };
  /** What is between two properties on one line; undefined where each has its own. */
  readonly between?: string;
  /** The lines that make a block, of which `set` are those of its properties. */
  readonly block: (block: NewBlock, set: readonly string[]) => string[];
}

const put = (template: string, text: string): string => template.replace("*", () => text);
const indented = (unit: string, lines: readonly string[]): string[] => lines.map((line) => unit + line);
const dotted = (...parts: string[]): string => parts.filter(Boolean).join(".");

/**
 * A text in double quotes, which is the same in all of these languages: with no character in it that ends a line in one of
 * them, or that can't be seen.
 */
const doubleQuoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Two on a line, and the first alone where their number is odd. */
const inPairs = (all: readonly string[], between: string): string[] =>
  all.flatMap((each, at) => {
    if (at % 2 === all.length % 2) return `${each}${between}${all[at + 1] ?? ""}`;
    return at === 0 ? each : [];
  });

function language({ assignment, around, alias, between, block, ...own }: Templates): Language {
  const { unit = "    ", truth = "true", name = (property: string) => property, text = doubleQuoted } = own;
  const assign = (property: string, expression: string): string => assignment(name(property), expression);
  const setting = own.setting ?? ((property: string, value = truth) => assign(property, value));
  return {
    ...{ comment: "//", holder: "the variable that holds", variable: camelCase, retained: "" },
    ...{ output: (variable, property) => `${variable}.${name(property)}`, provider: (variable) => variable },
    maker: ({ package: from, module, name }) => dotted(camelCase(...from.split("-")), module, name),
    ...own,
    ...{ unit, truth, name, text, setting, assignment: assign },
    nested: (property, type, lines) => {
      const [head, end] = around(name(property), type);
      return [...head, ...indented(unit, lines), ...end];
    },
    aliases: ({ urn, name, parent }: Former) => {
      const { by = ", ", changed = "", root = "" } = alias;
      const parts = [
        ...(name === undefined ? [] : [put(alias.name ?? "", doubleQuoted(name))]),
        ...(parent === undefined ? [] : [parent === null ? root : put(alias.parent ?? "", doubleQuoted(parent))]),
      ];
      return parts.length === 0 || changed === "" ? put(alias.urn, text(urn)) : put(changed, parts.join(by));
    },
    block: (made) => {
      const set = [assign("bucket", made.bucket), ...made.properties.map((each) => setting(each))];
      return block(made, made.isShort === true && between !== undefined ? inPairs(set, between) : set);
    },
  };
}

/** TypeScript, which is JavaScript here. The packages are imported by their usual names: `aws`, `awsNative`. */
export const javascript = language({
  title: "TypeScript",
  between: " ",
  assignment: (name, value) => `${name}: ${value},`,
  around: (name) => [[`${name}: {`], ["},"]],
  provider: (variable) => `provider: ${variable}`,
  retained: "retainOnDelete: true,",
  alias: {
    ...{ name: "name: *", parent: "parent: *", root: "parent: pulumi.rootStackResource" },
    ...{ changed: "aliases: [{ * }],", urn: "aliases: [*]," },
  },
  block: ({ maker, name, options, unit }, set) => [
    `new ${maker}(${name}, {`,
    ...indented(unit, set),
    options.length === 0 ? "});" : `}, { ${options.join(", ")} });`,
  ],
});

const inPython = ({ package: from, module, name }: TypeName): string => dotted(from.replace("-", "_"), module, name);

/** With the packages imported by their usual names: `import pulumi_aws as aws`. */
const python = language({
  ...{ title: "Python", between: " ", comment: "#", truth: "True", name: snakeCase, maker: inPython },
  assignment: (name, value) => `${name}=${value},`,
  around: (name, type) => [[`${name}=${inPython({ ...type, name: `${type.name}Args` })}(`], ["),"]],
  variable: (...words) => words.join("_"),
  provider: (variable) => `opts=pulumi.ResourceOptions(provider=${variable})`,
  retained: "retain_on_delete=True,",
  alias: {
    ...{ name: "name=*", parent: "parent=*", root: "parent=pulumi.ROOT_STACK_RESOURCE" },
    ...{ changed: "aliases=[pulumi.Alias(*)],", urn: "aliases=[*]," },
  },
  block: ({ maker, name, options, unit }, set) => [
    `${maker}(`,
    ...indented(unit, [`${name},`, ...set, ...options.map((each) => `${each},`)]),
    ")",
  ],
});

const TRUE = "pulumi.Bool(true)";

/** A package is called by its last part. */
const go = language({
  ...{ title: "Go", between: " ", unit: "\t", truth: TRUE, name: capitalized },
  setting: (property, text) => `${capitalized(property)}: ${text === undefined ? TRUE : `pulumi.String(${text})`},`,
  assignment: (name, value) => `${name}: ${value},`,
  around: (property, { module, name }) => [[`${property}: &${module}.${name}Args{`], ["},"]],
  output: (variable, property) => `${variable}.${property === "id" ? "ID()" : capitalized(property)}`,
  maker: ({ package: from, module, name }) => `${module === "" ? from : module}.New${name}`,
  provider: (variable) => `pulumi.Provider(${variable})`,
  retained: "pulumi.RetainOnDelete(true),",
  alias: {
    ...{ name: "Name: pulumi.String(*)", parent: "ParentURN: pulumi.URN(*)", root: "NoParent: pulumi.Bool(true)" },
    changed: "pulumi.Aliases([]pulumi.Alias{{*}}),",
    urn: "pulumi.Aliases([]pulumi.Alias{{URN: pulumi.URN(*)}}),",
  },
  block: ({ maker, name, options, unit, isShort = false, ...handling }, set) => {
    const { context = "ctx", error = "err", assign = ":=", onError = ["\treturn err", "}"] } = handling;
    const width = Math.max(...set.map((line) => line.indexOf(" ")));
    const aligned = set.map((line) => line.replace(/^\S+/, (key) => key.padEnd(width)));
    return [
      `if _, ${error} ${assign} ${maker}(${context}, ${name}, &${maker.replace(/\bNew(?=\w+$)/, "")}Args{`,
      ...indented(unit, isShort ? set : aligned),
      `${["}", ...options].join(", ")}); ${error} != nil {`,
      ...onError,
    ];
  },
});

const inCsharp = ({ package: from, module, name }: TypeName): string =>
  dotted("Pulumi", from.split("-").map(capitalized).join(""), ...module.split(".").map(capitalized), name);

/** Types are called by their full names, which need no using. */
const csharp = language({
  ...{ title: "C#", between: " ", name: capitalized, maker: inCsharp },
  assignment: (name, value) => `${name} = ${value},`,
  around: (property, { module, name, ...type }) => {
    const args = inCsharp({ ...type, module: `${module}.inputs`, name: `${name}Args` });
    return [[`${property} = new ${args}`, "{"], ["},"]];
  },
  output: (variable, property) => `${variable}.${property === "bucket" ? "BucketName" : capitalized(property)}`,
  provider: (variable) => `Provider = ${variable}`,
  retained: "RetainOnDelete = true,",
  alias: {
    ...{ name: "Name = *", parent: "ParentUrn = *", root: "NoParent = true" },
    changed: "Aliases = { new Pulumi.Alias { * } },",
    urn: "Aliases = { new Pulumi.Alias { Urn = * } },",
  },
  block: ({ maker, name, options, unit }, set) => [
    ...[`new ${maker}(${name}, new()`, "{", ...indented(unit, set)],
    options.length === 0 ? "});" : `}, new Pulumi.CustomResourceOptions { ${options.join(", ")} });`,
  ],
});

const inJava = ({ package: from, module, name }: TypeName): string =>
  dotted("com.pulumi", from.replace("-", ""), module, name);

/** Types are called by their full names, which need no import. Properties are calls of a builder. */
const java = language({
  ...{ title: "Java", between: "", maker: inJava },
  assignment: (name, value) => `.${name}(${value})`,
  around: (property, { module, name, ...type }) => {
    const args = inJava({ ...type, module: `${module}.inputs`, name: `${name}Args` });
    return [[`.${property}(${args}.builder()`], ["    .build())"]];
  },
  output: (variable, property) => `${variable}.${property}()`,
  provider: (variable) => `.provider(${variable})`,
  retained: ".retainOnDelete(true)",
  alias: {
    ...{ name: ".name(*)", parent: ".parentUrn(com.pulumi.core.Output.of(*))", root: ".noParent()", by: "" },
    changed: ".aliases(com.pulumi.core.Alias.builder()*.build())",
    urn: ".aliases(com.pulumi.core.Alias.withUrn(*))",
  },
  block: ({ maker, name, options, unit }, set) => {
    const builder = `com.pulumi.resources.CustomResourceOptions.builder()${options.join("")}.build()`;
    const last = options.length === 0 ? "" : `, ${builder}`;
    return [`new ${maker}(${name}, ${maker}Args.builder()`, ...indented(unit, [...set, `.build()${last});`])];
  },
});

/** Words that YAML 1.1 takes for something else than text. */
const OTHER = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** What is called a variable here is the key of a resource. An alias is a URN (ResourceOptionsDecl of pulumi-yaml 1.25). */
const yaml = language({
  ...{ title: "YAML", between: ", ", unit: "  ", comment: "#", holder: "the key of" },
  text: (text) => (/^[A-Za-z][\w-]*$/.test(text) && !OTHER.test(text) ? text : doubleQuoted(text)),
  assignment: (name, value) => `${name}: ${value}`,
  around: (name) => [[`${name}:`], []],
  output: (variable, property) => `\${${variable}.${property}}`,
  maker: ({ package: from, module, name }) => [from, module, name].filter(Boolean).join(":"),
  provider: (variable) => `provider: \${${variable}}`,
  retained: "retainOnDelete: true",
  alias: { urn: "aliases: [*]" },
  block: ({ maker, name, options, unit, isShort = false }, set) => {
    // Within braces a reference needs quotes.
    const flow = `properties: { ${set.join(`,\n${unit}`).replace(/\$\{.*?\}/, '"$&"')} }`;
    const properties = isShort ? flow.split("\n") : ["properties:", ...indented(unit, set)];
    const more = options.length === 0 ? [] : ["options:", ...indented(unit, options)];
    return [`${name}:`, ...indented(unit, [`type: ${maker}`, ...properties, ...more])];
  },
});

/**
 * Pulumi HCL, whose types and properties are called as in Terraform ("Pulumi HCL Language Reference": a type is the package, the
 * module and the member in snake case). What is called a variable here is the name of a resource.
 */
const hcl = language({
  ...{ title: "HCL", unit: "  ", comment: "#", name: snakeCase, holder: "the name of" },
  text: (text) => doubleQuoted(text).replace(/[$%](?=\{)/g, "$&$&"),
  assignment: (name, value) => `${name} = ${value}`,
  around: (name) => [[`${name} {`], ["}"]],
  variable: (...words) => words.join("_"),
  output: (variable, property) => `aws_s3_bucket.${variable}.${snakeCase(property)}`,
  maker: ({ package: from, module, name }) => [from, module, snakeCase(decapitalized(name))].filter(Boolean).join("_"),
  // A line more would be one too many: the heading names the provider.
  provider: () => "",
  retained: "retain_on_delete = true",
  alias: { urn: "aliases = [*]" },
  block: ({ maker, name, unit }, set) => [`resource "${maker}" ${name} {`, ...indented(unit, set), "}"],
});

/** The languages that fixes are written in. */
export const LANGUAGES = { javascript, python, go, csharp, java, yaml } as const;

export type LanguageName = keyof typeof LANGUAGES;

/** The `runtime` of a Pulumi.yaml. Bun runs what Node.js runs. The gate reads no source in HCL, and has no edits for it. */
const RUNTIMES: Readonly<Record<string, Language>> = {
  ...{ nodejs: javascript, bun: javascript, python, go, dotnet: csharp, java, yaml, hcl },
};

/** Undefined for a runtime that isn't known here. */
export function languageOfRuntime(runtime: string): Language | undefined {
  return Object.hasOwn(RUNTIMES, runtime) ? RUNTIMES[runtime] : undefined;
}
