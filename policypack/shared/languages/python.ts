import { doubleQuoted, indented, parts, snakeCase, type Language } from "./language";

/** With the packages imported by their usual names: `import pulumi_aws as aws`. */
export const python: Language = {
  title: "Python",
  unit: "    ",
  comment: "#",
  truth: "True",
  name: snakeCase,
  text: doubleQuoted,
  setting: (property, text = "True") => python.assignment(property, text),
  assignment: (property, value) => `${snakeCase(property)}=${value},`,
  nested: (property, type, lines) => [
    `${snakeCase(property)}=${python.maker({ ...type, name: `${type.name}Args` })}(`,
    ...indented("    ", lines),
    "),",
  ],
  holder: "the variable that holds",
  variable: (...words) => words.join("_"),
  output: (variable, property) => `${variable}.${snakeCase(property)}`,
  maker: ({ package: from, module, name }) =>
    [from.replace("-", "_"), module, name].filter(Boolean).join("."),
  provider: (variable) => `opts=pulumi.ResourceOptions(provider=${variable})`,
  retained: "retain_on_delete=True,",
  aliases: (former) => {
    const changed = parts(former, {
      name: (name) => `name=${name}`,
      parent: (urn) => `parent=${urn}`,
      root: "parent=pulumi.ROOT_STACK_RESOURCE",
    });
    return `aliases=[${changed.length === 0 ? doubleQuoted(former.urn) : `pulumi.Alias(${changed.join(", ")})`}],`;
  },
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
