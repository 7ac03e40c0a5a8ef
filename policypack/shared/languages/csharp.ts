import { camelCase, capitalized, doubleQuoted, indented, type Language } from "./language";

/** Types are called by their full names, which need no using. */
export const csharp: Language = {
  title: "C#",
  unit: "    ",
  truth: "true",
  name: capitalized,
  text: doubleQuoted,
  setting: (property, value = "true") => `${capitalized(property)} = ${value},`,
  nested: (property, type, lines) => [
    `${capitalized(property)} = new ${csharp.maker({ ...type, module: `${type.module}.inputs`, name: `${type.name}Args` })}`,
    "{",
    ...indented("    ", lines),
    "},",
  ],
  variable: camelCase,
  output: (variable, property) =>
    `${variable}.${property === "bucket" ? "BucketName" : capitalized(property)}`,
  maker: ({ package: from, module, name }) =>
    ["Pulumi", from.split("-").map(capitalized).join(""), ...module.split(".").map(capitalized), name]
      .filter(Boolean)
      .join("."),
  provider: (variable) => `Provider = ${variable}`,
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `new ${maker}(${name}, new()`,
    "{",
    ...indented(unit, [`Bucket = ${bucket},`, ...properties.map((each) => `${capitalized(each)} = true,`)]),
    options.length === 0 ? "});" : `}, new Pulumi.CustomResourceOptions { ${options.join(", ")} });`,
  ],
};
