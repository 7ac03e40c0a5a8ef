import { camelCase, capitalized, doubleQuoted, indented, type Language, parts } from "./language";

const TRUE = "pulumi.Bool(true)";

/** A package is called by its last part. */
export const go: Language = {
  title: "Go",
  unit: "\t",
  comment: "//",
  truth: TRUE,
  name: capitalized,
  text: doubleQuoted,
  setting: (property, text) => go.assignment(property, text === undefined ? TRUE : `pulumi.String(${text})`),
  assignment: (property, value) => `${capitalized(property)}: ${value},`,
  nested: (property, { module, name }, lines) => [
    `${capitalized(property)}: &${module}.${name}Args{`,
    ...indented("\t", lines),
    "},",
  ],
  holder: "the variable that holds",
  variable: camelCase,
  output: (variable, property) =>
    property === "id" ? `${variable}.ID()` : `${variable}.${capitalized(property)}`,
  maker: ({ package: from, module, name }) => `${module === "" ? from : module}.New${name}`,
  provider: (variable) => `pulumi.Provider(${variable})`,
  retained: "pulumi.RetainOnDelete(true),",
  aliases: (former) => {
    const changed = parts(former, {
      name: (name) => `Name: pulumi.String(${name})`,
      parent: (urn) => `ParentURN: pulumi.URN(${urn})`,
      root: "NoParent: pulumi.Bool(true)",
    });
    const alias = changed.length === 0 ? `URN: pulumi.URN(${doubleQuoted(former.urn)})` : changed.join(", ");
    return `pulumi.Aliases([]pulumi.Alias{{${alias}}}),`;
  },
  block: ({ maker, name, bucket, options, properties, unit, ...handling }) => {
    const { context = "ctx", error = "err", assign = ":=", onError = ["\treturn err", "}"] } = handling;
    const fields = [["Bucket", bucket], ...properties.map((each) => [capitalized(each), TRUE])];
    const width = Math.max(...fields.map(([key = ""]) => key.length)) + 1;
    return [
      `if _, ${error} ${assign} ${maker}(${context}, ${name}, &${maker.replace(/\bNew(?=\w+$)/, "")}Args{`,
      ...indented(
        unit,
        fields.map(([key = "", value = ""]) => `${`${key}:`.padEnd(width)} ${value},`),
      ),
      `${["}", ...options].join(", ")}); ${error} != nil {`,
      ...onError,
    ];
  },
};
