import { camelCase, doubleQuoted, indented, type Language, parts } from "./language";

const OPTIONS = "com.pulumi.resources.CustomResourceOptions";

/** Types are called by their full names, which need no import. Properties are calls of a builder. */
export const java: Language = {
  title: "Java",
  unit: "    ",
  comment: "//",
  truth: "true",
  name: (property) => property,
  text: doubleQuoted,
  setting: (property, text = "true") => java.assignment(property, text),
  assignment: (property, value) => `.${property}(${value})`,
  nested: (property, type, lines) => {
    const args = java.maker({ ...type, module: `${type.module}.inputs`, name: `${type.name}Args` });
    return [`.${property}(${args}.builder()`, ...indented("    ", [...lines, ".build())"])];
  },
  holder: "the variable that holds",
  variable: camelCase,
  output: (variable, property) => `${variable}.${property}()`,
  maker: ({ package: from, module, name }) =>
    ["com.pulumi", from.replace("-", ""), module, name].filter(Boolean).join("."),
  provider: (variable) => `.provider(${variable})`,
  retained: ".retainOnDelete(true)",
  aliases: (former) => {
    const changed = parts(former, {
      name: (name) => `.name(${name})`,
      parent: (urn) => `.parentUrn(com.pulumi.core.Output.of(${urn}))`,
      root: ".noParent()",
    });
    const type = "com.pulumi.core.Alias";
    return changed.length === 0
      ? `.aliases(${type}.withUrn(${doubleQuoted(former.urn)}))`
      : `.aliases(${type}.builder()${changed.join("")}.build())`;
  },
  block: ({ maker, name, bucket, options, properties, unit }) => {
    const set = [`.bucket(${bucket})`, ...properties.map((each) => `.${each}(true)`)];
    const last = options.length === 0 ? "" : `, ${OPTIONS}.builder()${options.join("")}.build()`;
    return [`new ${maker}(${name}, ${maker}Args.builder()`, ...indented(unit, [...set, `.build()${last});`])];
  },
};
