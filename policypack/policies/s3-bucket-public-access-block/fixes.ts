import { languageOf } from "../../adapters/fixes";
import { FLAGS } from "../../aws/flags";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { NATIVE_BUCKET } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import { type Fix, fix, type Program, quoted } from "../../findings/finding";
import type { Language } from "../../languages";
import { endingLike } from "../../lib/case";
import { nameIn, typeIn } from "../../lib/urn";

/*
 * The code that locks a bucket, in the language of the place where the bucket is. The engine doesn't know the bucket's
 * variable, so a placeholder stands for it that no program has, and that a compiler refuses.
 */

/** The block that a bucket lacks: one of its own, or what belongs into the bucket, in a template or of Cloud Control. */
export function addBlock(resource: Resource, program: Program): Fix {
  const { urn, provider } = resource;
  const place = languageOf(resource);
  if (place?.into !== undefined) return fix("add-inside", place.block(urn, FLAGS), { into: place.into }, FLAGS);
  if (place !== undefined) return fix("add", place.block(urn, FLAGS), { where: "" }, FLAGS);
  const language = program();
  if (typeIn(urn) === NATIVE_BUCKET) {
    const type = { package: "aws-native", module: "s3", name: "BucketPublicAccessBlockConfiguration" } as const;
    const flags = FLAGS.map((flag) => language.setting(flag));
    return fix("add", language.nested("publicAccessBlockConfiguration", type, flags), { where: "" }, FLAGS);
  }
  // The engine makes the default ones by itself.
  const isOwn = provider !== undefined && !/^default(_\d|$)/.test(nameIn(provider.urn));
  const [bucket, its] = [variable(language, "bucket"), variable(language, "provider")];
  const option = isOwn ? language.provider(its) : "";
  const more = knowsSkipDestroy(provider) ? ["skipDestroy"] : [];
  // A provider that is bridged on the fly has one module.
  const [module, name] = typeIn(urn).startsWith("aws:index/") ? ["", "S3Bucket"] : ["s3", "Bucket"];
  const own = nameIn(urn);
  const code = language.block({
    maker: language.maker({ package: "aws", module, name: `${name}PublicAccessBlock` }),
    name: language.text(own + endingLike([own], ["access", "block"])),
    bucket: language.output(bucket, "id"),
    options: option === "" ? [] : [option],
    properties: [...more, ...FLAGS],
    unit: language.unit,
    isShort: true,
  });
  const which = option === "" ? ", with" : `, and ${its} ${language.holder}`;
  const where = isOwn ? `${which} its provider ${quoted(provider.urn)}` : "";
  return fix("add", code, { where: holding(language) + where }, [...FLAGS, ...more]);
}

/**
 * The line of a block that names its bucket. In a template a block belongs into the bucket: what the stack calls the bucket is
 * hard to tell from outside.
 * @param isNameKnown whether the bucket's name is known at preview, so that it proves more than the id
 */
export function nameBucket(
  kind: "name-bucket" | "name-bucket-if",
  resource: Resource,
  isNameKnown: boolean,
  program: Program,
): Fix {
  const { urn } = resource;
  const place = languageOf(resource);
  if (place?.into !== undefined) return fix("put-inside", place.block(urn, FLAGS), { into: place.into }, FLAGS);
  if (place?.bucket !== undefined) return fix(kind, [place.bucket(urn)], { where: "" });
  const language = program();
  const name = typeIn(urn) === NATIVE_BUCKET ? "bucketName" : "bucket";
  const output = language.output(variable(language, "bucket"), isNameKnown ? name : "id");
  return fix(kind, [language.assignment("bucket", output)], { where: holding(language) });
}

function variable(language: Language, noun: "bucket" | "provider"): string {
  return language.variable("your", noun);
}

/** The end of a heading, which says what stands for the bucket in the code below it. */
function holding(language: Language): string {
  return `, where ${variable(language, "bucket")} is ${language.holder} the bucket`;
}
