import { camelCase, doubleQuoted, indented, type Language } from "./language";

/** TypeScript, which is JavaScript here. The packages are imported by their usual names: `aws`, `awsNative`. */
export const javascript: Language = {
  title: "TypeScript",
  unit: "    ",
  truth: "true",
  name: (property) => property,
  text: doubleQuoted,
  setting: (property, value = "true") => `${property}: ${value},`,
  nested: (property, _, lines) => [`${property}: {`, ...indented("    ", lines), "},"],
  variable: camelCase,
  output: (variable, property) => `${variable}.${property}`,
  maker: ({ package: from, module, name }) =>
    [camelCase(...from.split("-")), module, name].filter(Boolean).join("."),
  provider: (variable) => `provider: ${variable}`,
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `new ${maker}(${name}, {`,
    ...indented(unit, [`bucket: ${bucket},`, ...properties.map((each) => `${each}: true,`)]),
    options.length === 0 ? "});" : `}, { ${options.join(", ")} });`,
  ],
};
