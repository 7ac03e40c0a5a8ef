import { camelCase, capitalized, doubleQuoted, indented, type Language } from "./language";

const TRUE = "pulumi.Bool(true)";

/** A package is called by its last part. */
export const go: Language = {
  title: "Go",
  unit: "\t",
  truth: TRUE,
  name: capitalized,
  text: doubleQuoted,
  setting: (property, text) =>
    `${capitalized(property)}: ${text === undefined ? TRUE : `pulumi.String(${text})`},`,
  nested: (property, { module, name }, lines) => [
    `${capitalized(property)}: &${module}.${name}Args{`,
    ...indented("\t", lines),
    "},",
  ],
  variable: camelCase,
  output: (variable, property) =>
    property === "id" ? `${variable}.ID()` : `${variable}.${capitalized(property)}`,
  maker: ({ package: from, module, name }) => `${module === "" ? from : module}.New${name}`,
  provider: (variable) => `pulumi.Provider(${variable})`,
  block: ({ maker, name, bucket, options, properties, unit, onError = ["\treturn err", "}"] }) => {
    const fields = [["Bucket", bucket], ...properties.map((each) => [capitalized(each), TRUE])];
    const width = Math.max(...fields.map(([key = ""]) => key.length)) + 1;
    return [
      `if _, err := ${maker}(ctx, ${name}, &${maker.replace(/New(?=\w+$)/, "")}Args{`,
      ...indented(
        unit,
        fields.map(([key = "", value = ""]) => `${`${key}:`.padEnd(width)} ${value},`),
      ),
      `${["}", ...options].join(", ")}); err != nil {`,
      ...onError,
    ];
  },
};
