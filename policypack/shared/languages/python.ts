import { doubleQuoted, indented, snakeCase, type Language } from "./language";

/** With the packages imported by their usual names: `import pulumi_aws as aws`. */
export const python: Language = {
  title: "Python",
  unit: "    ",
  truth: "True",
  name: snakeCase,
  text: doubleQuoted,
  setting: (property, value = "True") => `${snakeCase(property)}=${value},`,
  nested: (property, type, lines) => [
    `${snakeCase(property)}=${python.maker({ ...type, name: `${type.name}Args` })}(`,
    ...indented("    ", lines),
    "),",
  ],
  variable: (...words) => words.join("_"),
  output: (variable, property) => `${variable}.${snakeCase(property)}`,
  maker: ({ package: from, module, name }) =>
    [from.replace("-", "_"), module, name].filter(Boolean).join("."),
  provider: (variable) => `opts=pulumi.ResourceOptions(provider=${variable})`,
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `${maker}(`,
    ...indented(unit, [
      `${name},`,
      `bucket=${bucket},`,
      ...properties.map((each) => `${snakeCase(each)}=True,`),
      ...options.map((each) => `${each},`),
    ]),
    ")",
  ],
};
