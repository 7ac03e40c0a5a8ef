/** Resource types: their computed outputs, by the type declarations of `@pulumi/aws`, their names, defaults and identity. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Props } from "../values";
import listed from "./kinds.json";

export interface Schema {
  /** The outputs that have a value even when the program gives none: a preview can't know them. */
  computed: readonly string[];
  /** Whether there is an optional input `name`. */
  hasName: boolean;
}

const read = new Map<string, Schema>();

/**
 * The schema of a type; one that the SDK does not have computes nothing. `aws:s3/bucket:Bucket` is declared in s3/bucket.d.ts,
 * and so is `aws:index/s3Bucket:S3Bucket`, which is the same resource of a provider that is bridged on the fly.
 */
export function schemaOf(type: string): Schema {
  const known = read.get(type);
  if (known) return known;
  const named = /^aws:([\w/]+):\w+$/.exec(type)?.[1] ?? "none";
  const module = named.replace(/^index\/(?:s3([A-Z]))?/, (_, letter?: string) =>
    letter === undefined ? "" : `s3/${letter.toLowerCase()}`,
  );
  const file = join(dirname(createRequire(__filename).resolve("@pulumi/aws/package.json")), `${module}.d.ts`);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const outputs = [...text.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([^]*?)>;$/gm)];
  const computed = outputs.filter(([, , of]) => !of?.endsWith("| undefined")).map(([, name]) => name ?? "");
  // The last interface of the file holds the inputs.
  const inputs = text.slice(text.lastIndexOf("\nexport interface "));
  const schema = { computed, hasName: /^ {4}name\?: pulumi\.Input<string/m.test(inputs) };
  read.set(type, schema);
  return schema;
}

export interface Kind {
  /** The input that holds the resource's own name, and that Check fills in when the program gives none. */
  name?: { property: string; prefix?: string; maxLength: number; lowerCase?: boolean };
  /** Inputs that Check fills in with a fixed value, as the real provider's schema has them (v7). */
  defaults: Props;
  /** Inputs whose change replaces the resource. */
  forceNew: readonly string[];
  /** The input or output whose value is the resource's id; a random id when there is none. */
  id?: string;
}

const kinds: Readonly<Record<string, Kind>> = listed;

/** The kind of a type. One that is not listed: `aws:s3/bucketXxx` configures a bucket, and is known by its name; the others are treated alike. */
export function kindOf(type: string): Kind {
  const kind = kinds[Object.hasOwn(kinds, type) ? type : type.replace(/^(aws:s3\/bucket).*/, "$1Xxx")];
  if (kind !== undefined) return kind;
  const name = schemaOf(type).hasName && { name: { property: "name", maxLength: 255 }, id: "name" };
  return { ...name, defaults: {}, forceNew: ["name", "region"] };
}
