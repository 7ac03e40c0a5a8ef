import { camelCase, doubleQuoted, indented, type Language } from "./language";

/** Words that YAML 1.1 takes for something else than text. */
const OTHER = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** What is called a variable here is the key of a resource. */
export const yaml: Language = {
  title: "YAML",
  unit: "  ",
  comment: "#",
  truth: "true",
  name: (property) => property,
  text: (text) => (/^[A-Za-z][\w-]*$/.test(text) && !OTHER.test(text) ? text : doubleQuoted(text)),
  setting: (property, text = "true") => yaml.assignment(property, text),
  assignment: (property, value) => `${property}: ${value}`,
  nested: (property, _, lines) => [`${property}:`, ...indented("  ", lines)],
  holder: "the key of",
  variable: camelCase,
  output: (variable, property) => `\${${variable}.${property}}`,
  maker: ({ package: from, module, name }) => [from, module, name].filter(Boolean).join(":"),
  provider: (variable) => `provider: \${${variable}}`,
  retained: "retainOnDelete: true",
  // An alias in YAML is a URN (ResourceOptionsDecl of pulumi-yaml 1.25).
  aliases: ({ urn }) => `aliases: [${doubleQuoted(urn)}]`,
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `${name}:`,
    ...indented(unit, [
      `type: ${maker}`,
      "properties:",
      ...indented(unit, [`bucket: ${bucket}`, ...properties.map((each) => `${each}: true`)]),
      ...(options.length === 0 ? [] : ["options:", ...indented(unit, options)]),
    ]),
  ],
};
