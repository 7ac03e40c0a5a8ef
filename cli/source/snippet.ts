/** A public access block as a program of each language makes it. */

export type Language = "javascript" | "python" | "go" | "yaml";

/** A public access block of a bucket, in the program's own names: each is an expression of its language. */
export interface NewBlock {
  /** What makes it: `aws.s3.BucketPublicAccessBlock`, in Go `s3.NewBucketPublicAccessBlock`. */
  readonly maker: string;
  /** Its logical name. In YAML the key. */
  readonly name: string;
  /** The bucket's id: `uploads.id`. */
  readonly bucket: string;
  /** The resource options; in Go each by itself, in YAML the lines below `options:`. */
  readonly options: readonly string[];
  /** Which properties are true, by their names in the AWS provider: `blockPublicAcls`. */
  readonly properties: readonly string[];
  /** One level of indentation. */
  readonly unit: string;
}

/** The lines that make the block, without indentation of their own. In Go with the check of the error. */
export function blockLines(
  language: Language,
  block: NewBlock,
  onError: readonly string[] = ["\treturn err", "}"],
): string[] {
  const { maker, name, bucket, options, unit } = block;
  const set = block.properties.map((property) => setting(language, property));
  const inner = (lines: readonly string[]): string[] => lines.map((line) => unit + line);
  switch (language) {
    case "javascript": {
      const last = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
      return [`new ${maker}(${name}, {`, ...inner([`bucket: ${bucket},`, ...set]), `}${last});`];
    }
    case "python":
      return [
        `${maker}(`,
        ...inner([`${name},`, `bucket=${bucket},`, ...set, ...options.map((each) => `${each},`)]),
        ")",
      ];
    case "go": {
      const keys = ["Bucket", ...block.properties.map(capitalized)];
      const width = Math.max(...keys.map(({ length }) => length)) + 1;
      const values = [bucket, ...block.properties.map(() => "pulumi.Bool(true)")];
      const fields = keys.map((key, index) => `${`${key}:`.padEnd(width)} ${values[index] ?? ""},`);
      const args = `&${maker.replace(/New(?=\w+$)/, "")}Args{`;
      const last = ["}", ...options].join(", ");
      return [
        `if _, err := ${maker}(ctx, ${name}, ${args}`,
        ...inner(fields),
        `${last}); err != nil {`,
        ...onError,
      ];
    }
    case "yaml":
      return [
        `${name}:`,
        ...inner([`type: ${maker}`, "properties:", ...inner([`bucket: ${bucket}`, ...set])]),
        ...(options.length === 0 ? [] : inner(["options:", ...inner(options)])),
      ];
  }
}

/** The property as a line that sets it to true, with the comma that the language has there. */
export function setting(language: Language, property: string): string {
  switch (language) {
    case "javascript":
      return `${property}: true,`;
    case "python":
      return `${snakeCase(property)}=True,`;
    case "go":
      return `${capitalized(property)}: pulumi.Bool(true),`;
    case "yaml":
      return `${property}: true`;
  }
}

/** The property's name as the language spells it. */
export function propertyName(language: Language, property: string): string {
  return { javascript: property, yaml: property, python: snakeCase(property), go: capitalized(property) }[
    language
  ];
}

/** The language's way to write true. */
export function trueIn(language: Language): string {
  return { javascript: "true", yaml: "true", python: "True", go: "pulumi.Bool(true)" }[language];
}

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function snakeCase(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
