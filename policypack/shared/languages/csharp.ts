import { camelCase, capitalized, doubleQuoted, indented, type Language, parts } from "./language";

/** Types are called by their full names, which need no using. */
export const csharp: Language = {
  title: "C#",
  unit: "    ",
  comment: "//",
  truth: "true",
  name: capitalized,
  text: doubleQuoted,
  setting: (property, text = "true") => csharp.assignment(property, text),
  assignment: (property, value) => `${capitalized(property)} = ${value},`,
  nested: (property, type, lines) => [
    `${capitalized(property)} = new ${csharp.maker({ ...type, module: `${type.module}.inputs`, name: `${type.name}Args` })}`,
    "{",
    ...indented("    ", lines),
    "},",
  ],
  holder: "the variable that holds",
  variable: camelCase,
  output: (variable, property) =>
    `${variable}.${property === "bucket" ? "BucketName" : capitalized(property)}`,
  maker: ({ package: from, module, name }) =>
    ["Pulumi", from.split("-").map(capitalized).join(""), ...module.split(".").map(capitalized), name]
      .filter(Boolean)
      .join("."),
  provider: (variable) => `Provider = ${variable}`,
  retained: "RetainOnDelete = true,",
  aliases: (former) => {
    const changed = parts(former, {
      name: (name) => `Name = ${name}`,
      parent: (urn) => `ParentUrn = ${urn}`,
      root: "NoParent = true",
    });
    const alias = changed.length === 0 ? `Urn = ${doubleQuoted(former.urn)}` : changed.join(", ");
    return `Aliases = { new Pulumi.Alias { ${alias} } },`;
  },
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `new ${maker}(${name}, new()`,
    "{",
    ...indented(unit, [`Bucket = ${bucket},`, ...properties.map((each) => `${capitalized(each)} = true,`)]),
    options.length === 0 ? "});" : `}, new Pulumi.CustomResourceOptions { ${options.join(", ")} });`,
  ],
};
