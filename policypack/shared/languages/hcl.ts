import { doubleQuoted, indented, type Language, snakeCase } from "./language";

const decapitalized = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);

/**
 * Pulumi HCL, whose types and properties are called as in Terraform ("Pulumi HCL Language Reference": a type is the package, the
 * module and the member in snake case). What is called a variable here is the name of a resource.
 */
export const hcl: Language = {
  title: "HCL",
  unit: "  ",
  comment: "#",
  truth: "true",
  name: snakeCase,
  text: (text) => doubleQuoted(text).replace(/[$%](?=\{)/g, "$&$&"),
  setting: (property, text = "true") => hcl.assignment(property, text),
  assignment: (property, value) => `${snakeCase(property)} = ${value}`,
  nested: (property, _, lines) => [`${snakeCase(property)} {`, ...indented("  ", lines), "}"],
  holder: "the name of",
  variable: (...words) => words.join("_"),
  output: (variable, property) => `aws_s3_bucket.${variable}.${snakeCase(property)}`,
  maker: ({ package: from, module, name }) =>
    [from, module, snakeCase(decapitalized(name))].filter(Boolean).join("_"),
  provider: (variable) => `provider = aws.${variable}`,
  retained: "retain_on_delete = true",
  aliases: ({ urn }) => `aliases = [${hcl.text(urn)}]`,
  block: ({ maker, name, bucket, options, properties, unit }) => [
    `resource "${maker}" ${name} {`,
    ...indented(unit, [
      ...options,
      `bucket = ${bucket}`,
      ...properties.map((property) => hcl.setting(property)),
    ]),
    "}",
  ],
};
