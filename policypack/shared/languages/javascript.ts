import { camelCase, doubleQuoted, indented, type Language, parts } from "./language";

/** TypeScript, which is JavaScript here. The packages are imported by their usual names: `aws`, `awsNative`. */
export const javascript: Language = {
  title: "TypeScript",
  unit: "    ",
  comment: "//",
  truth: "true",
  name: (property) => property,
  text: doubleQuoted,
  setting: (property, text = "true") => javascript.assignment(property, text),
  assignment: (property, value) => `${property}: ${value},`,
  nested: (property, _, lines) => [`${property}: {`, ...indented("    ", lines), "},"],
  holder: "the variable that holds",
  variable: camelCase,
  output: (variable, property) => `${variable}.${property}`,
  maker: ({ package: from, module, name }) =>
    [camelCase(...from.split("-")), module, name].filter(Boolean).join("."),
  provider: (variable) => `provider: ${variable}`,
  retained: "retainOnDelete: true,",
  aliases: (former) => {
    const changed = parts(former, {
      name: (name) => `name: ${name}`,
      parent: (urn) => `parent: ${urn}`,
      root: "parent: pulumi.rootStackResource",
    });
    return `aliases: [${changed.length === 0 ? doubleQuoted(former.urn) : `{ ${changed.join(", ")} }`}],`;
  },
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `new ${maker}(${name}, {`,
    ...indented(unit, [`bucket: ${bucket},`, ...properties.map((each) => `${each}: true,`)]),
    options.length === 0 ? "});" : `}, { ${options.join(", ")} });`,
  ],
};
