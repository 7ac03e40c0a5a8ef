/** What the type declarations of `@pulumi/aws` tell of a resource type. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface Schema {
  /** The outputs that have a value even when the program gives none: a preview can't know them. */
  computed: readonly string[];
  /** Whether there is an optional input `name`. */
  hasName: boolean;
}

const read = new Map<string, Schema>();

/**
 * `aws:s3/bucket:Bucket` is declared in s3/bucket.d.ts, and so is `aws:index/s3Bucket:S3Bucket`, which is the same resource
 * of a provider that is bridged on the fly. Empty for a type that the SDK does not have.
 */
function declaration(type: string): string {
  const named = /^aws:([\w/]+):\w+$/.exec(type)?.[1];
  const module = named
    ?.replace(/^index\/s3([A-Z])/, (_, letter: string) => `s3/${letter.toLowerCase()}`)
    .replace(/^index\//, "");
  if (module === undefined) return "";
  const sdk = dirname(createRequire(__filename).resolve("@pulumi/aws/package.json"));
  const file = join(sdk, `${module}.d.ts`);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function parse(text: string): Schema {
  const outputs = [...text.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([^]*?)>;$/gm)];
  const computed = outputs.filter(([, , of]) => !of?.endsWith("| undefined")).map(([, name]) => name ?? "");
  // The last interface of the file holds the inputs.
  const inputs = text.slice(text.lastIndexOf("\nexport interface "));
  return { computed, hasName: /^ {4}name\?: pulumi\.Input<string/m.test(inputs) };
}

/** The schema of a type. One that the SDK does not have computes nothing. */
export function schemaOf(type: string): Schema {
  const known = read.get(type);
  if (known) return known;
  const schema = parse(declaration(type));
  read.set(type, schema);
  return schema;
}
