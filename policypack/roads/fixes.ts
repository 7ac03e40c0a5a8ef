import { nameIn, typeIn } from "../shared/urn";
import { CLOUD_CONTROL, EXTENSION, isTemplate } from "./types";

/*
 * The same fixes in the language of the place that a resource comes from. CloudFormation's are written so that they fit
 * into templates in JSON and in YAML.
 */
interface Language {
  /** A property's name. */
  readonly name: (property: string) => string;
  /** The line that turns a flag on. */
  readonly on: (flag: string) => string;
  /** The lines that lock a bucket. */
  readonly block: (urn: string, flags: readonly string[]) => readonly string[];
  /** The line that names the bucket in a block outside of it; undefined where a block belongs inside. */
  readonly bucket?: (urn: string) => string;
}

const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const CLOUDFORMATION: Language = {
  name: pascalCase,
  on: (flag) => `"${pascalCase(flag)}": true,`,
  block: (_, flags) => {
    const lines = flags.map((flag) => `    "${pascalCase(flag)}": true`);
    return ['"PublicAccessBlockConfiguration": {', lines.join(",\n      "), "}"];
  },
};

/** `module.site.aws_s3_bucket.this[0]` is `aws_s3_bucket.this[0]` in its module. */
const addressOf = (urn: string): string =>
  /aws_s3_bucket\..*$/.exec(nameIn(urn))?.[0] ?? `aws_s3_bucket.${nameIn(urn)}`;
const labelOf = (urn: string): string => /^aws_s3_bucket\.(\w+)/.exec(addressOf(urn))?.[1] ?? "this";

const TERRAFORM: Language = {
  name: snakeCase,
  on: (flag) => `${snakeCase(flag)} = true`,
  block: (urn, flags) => [
    `resource "aws_s3_bucket_public_access_block" "${labelOf(urn)}" {`,
    `  bucket = ${addressOf(urn)}.id`,
    ...flags.map((flag) => `  ${snakeCase(flag)} = true`),
    "}",
  ],
  bucket: (urn) => `bucket = ${addressOf(urn)}.id`,
};

/** Undefined where it is Pulumi's. */
export function languageOf(urn: string): Language | undefined {
  const type = typeIn(urn);
  if (isTemplate(type) || type === CLOUD_CONTROL || type === EXTENSION) return CLOUDFORMATION;
  return /^pulumi:terraform:|^[^:]+:tf:/.test(type) ? TERRAFORM : undefined;
}
