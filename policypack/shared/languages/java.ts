import { camelCase, doubleQuoted, indented, type Language } from "./language";

const OPTIONS = "com.pulumi.resources.CustomResourceOptions";

/** Types are called by their full names, which need no import. Properties are calls of a builder. */
export const java: Language = {
  title: "Java",
  unit: "    ",
  truth: "true",
  name: (property) => property,
  text: doubleQuoted,
  setting: (property, value = "true") => `.${property}(${value})`,
  nested: (property, type, lines) => {
    const args = java.maker({ ...type, module: `${type.module}.inputs`, name: `${type.name}Args` });
    return [`.${property}(${args}.builder()`, ...indented("    ", [...lines, ".build())"])];
  },
  variable: camelCase,
  output: (variable, property) => `${variable}.${property}()`,
  maker: ({ package: from, module, name }) =>
    ["com.pulumi", from.replace("-", ""), module, name].filter(Boolean).join("."),
  provider: (variable) => `.provider(${variable})`,
  block: ({ maker, name, bucket, options, properties, unit }) => {
    const set = [`.bucket(${bucket})`, ...properties.map((each) => `.${each}(true)`)];
    const last = options.length === 0 ? "" : `, ${OPTIONS}.builder()${options.join("")}.build()`;
    return [`new ${maker}(${name}, ${maker}Args.builder()`, ...indented(unit, [...set, `.build()${last});`])];
  },
};
