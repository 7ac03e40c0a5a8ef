import type { Resource } from "../../engine/resource";
import { quoted } from "../../findings/finding";
import { FLAGS } from "../../aws/flags";
import type { Language } from "../../languages";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { nameIn, typeIn } from "../../lib/urn";
import { NATIVE_BUCKET } from "../../aws/types";

/*
 * The block that a bucket lacks, in the program's language. What the program calls its bucket the engine doesn't tell, so
 * that a word stands in for it which no program has, and which a compiler refuses.
 */

/** The lines that lock the bucket: a block of its own, or for a bucket of Cloud Control what belongs into it. */
export function newBlock(urn: string, resource: Resource | undefined, language: Language): string[] {
  if (typeIn(urn) === NATIVE_BUCKET) {
    const name = "BucketPublicAccessBlockConfiguration";
    return language.nested(
      "publicAccessBlockConfiguration",
      { package: "aws-native", module: "s3", name },
      FLAGS.map((flag) => language.setting(flag)),
    );
  }
  // A provider that is bridged on the fly has one module.
  const isBridged = typeIn(urn).startsWith("aws:index/");
  return language.block({
    maker: language.maker({
      package: "aws",
      module: isBridged ? "" : "s3",
      name: isBridged ? "S3BucketPublicAccessBlock" : "BucketPublicAccessBlock",
    }),
    name: language.text(`${nameIn(urn)}AccessBlock`),
    bucket: language.output(bucketIn(language), "id"),
    options: explicitName(resource?.provider?.urn) === undefined ? [] : [language.provider(providerIn(language))],
    properties: propertiesOf(urn, resource),
    unit: language.unit,
  });
}

/** What is turned on there. */
export function propertiesOf(urn: string, resource: Resource | undefined): string[] {
  const isInside = typeIn(urn) === NATIVE_BUCKET;
  return [...FLAGS, ...(!isInside && knowsSkipDestroy(resource?.provider) ? ["skipDestroy"] : [])];
}

/** The line of a block that names its bucket, by its name where that is known at preview, else by its id. */
export function bucketLine(urn: string, isNameKnown: boolean, language: Language): string {
  const name = typeIn(urn) === NATIVE_BUCKET ? "bucketName" : "bucket";
  return language.assignment("bucket", language.output(bucketIn(language), isNameKnown ? name : "id"));
}

/** The end of the heading of code with placeholders in it, which says what they stand for. */
export function placeholders(language: Language, provider?: string): string {
  const bucket = `, where ${bucketIn(language)} is ${language.holder} the bucket`;
  if (provider === undefined || explicitName(provider) === undefined) return bucket;
  return `${bucket}, and ${providerIn(language)} ${language.holder} its provider ${quoted(provider)}`;
}

function bucketIn({ variable }: Language): string {
  return variable("your", "bucket");
}

function providerIn({ variable }: Language): string {
  return variable("your", "provider");
}

/** The logical name of a provider that the program makes; undefined for one that the engine makes by itself. */
function explicitName(provider: string | undefined): string | undefined {
  return provider === undefined || /^default(_\d|$)/.test(nameIn(provider)) ? undefined : nameIn(provider);
}
