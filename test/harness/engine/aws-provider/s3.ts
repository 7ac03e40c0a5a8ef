/**
 * The backend that is S3: every bucket and every setting of one lives in whatever answers S3's API at an address of
 * the test's own. Resources of other services live in memory.
 */
import { isDeepStrictEqual } from "node:util";
import * as sdk from "@aws-sdk/client-s3";
import type { Props } from "../values";
import { memory } from "./memory";
import type { Backend, Subject } from "./memory";
import { existingOutputs } from "./outputs";
import { settings } from "./s3-settings";
import type { Document, Setting } from "./s3-settings";

/** How S3 says that a bucket or one of its settings is not there. */
const GONE = new Set([
  "NotFound",
  "NoSuchBucket",
  "NoSuchTagSet",
  "NoSuchPublicAccessBlockConfiguration",
  "OwnershipControlsNotFoundError",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchLifecycleConfiguration",
  "NoSuchBucketPolicy",
]);

/** The answer, or undefined when S3 answers that there is no such setting. */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && GONE.has(error.name)) return undefined;
    throw error;
  }
}

const isBucket = (type: string): boolean => /^aws:s3\/(bucket:Bucket|bucketV2:BucketV2)$/.test(type);

/** @throws Error for a type of S3's that this backend can't keep, rather than to pretend that it did. */
function settingOf(type: string): Setting | undefined {
  const setting = Object.hasOwn(settings, type) ? settings[type] : undefined;
  if (!setting && type.startsWith("aws:s3/"))
    throw new Error(`the S3 backend has no ${type}; add it to aws-provider/s3-settings.ts`);
  return setting;
}

/** The inputs that are S3's to keep, and those that are the provider's alone. */
function split(inputs: Props): { kept: Props; own: Props } {
  const kept = ["bucket", "region", "skipDestroy", "expectedBucketOwner"];
  const part = (isKept: boolean) =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => kept.includes(name) === isKept));
  return { kept: part(true), own: part(false) };
}

/** The inputs as the program gave them while S3 still has them; else what S3 has instead. */
function readInputs(setting: Setting, id: string, inputs: Props, found: Document): Props {
  const { kept, own } = split(inputs);
  const unchanged = Object.keys(own).length > 0 && isDeepStrictEqual(plain(setting.toDocument(own)), plain(found));
  return { bucket: id, ...kept, ...(unchanged ? own : setting.toInputs(found)) };
}

/** A document without its empty parts and its undefined ones: to S3 they are the same. */
function plain(document: Document): unknown {
  return JSON.parse(
    JSON.stringify(document, (_name, value: unknown) =>
      value === "" || isDeepStrictEqual(value, {}) ? undefined : value,
    ),
  );
}

/** The backend for the S3 that answers at `endpoint`. */
export function s3Backend(endpoint: string): Backend {
  // A provider's output becomes part of the engine's messages; an old Node.js isn't news there.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  const client = (region: string): sdk.S3Client =>
    new sdk.S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: "stand-in", secretAccessKey: "stand-in" },
    });

  const put = async ({ type, region }: Subject, id: string, inputs: Props): Promise<Props> => {
    const setting = settingOf(type);
    await setting?.put(client(region), id, setting.toDocument(split(inputs).own));
    return existingOutputs(type, id, inputs, region);
  };

  return {
    async create(subject, inputs) {
      const { type, region } = subject;
      if (!isBucket(type) && !settingOf(type)) return memory.create(subject, inputs);
      const { bucket: id } = inputs;
      if (typeof id !== "string") throw new Error("the S3 backend needs the bucket's name"); // None is drawn for a prefix.
      if (!isBucket(type)) return { id, outputs: await put(subject, id, inputs) };
      // S3 takes the place of its first region only unsaid.
      const place = { LocationConstraint: region as sdk.BucketLocationConstraint };
      const where = region === "us-east-1" ? {} : { CreateBucketConfiguration: place };
      await client(region).send(new sdk.CreateBucketCommand({ Bucket: id, ...where }));
      if (inputs.tags !== undefined) await tagBucket(client(region), id, inputs);
      return { id, outputs: existingOutputs(type, id, inputs, region) };
    },

    async read(subject, id, state, inputs) {
      const { type, region } = subject;
      const setting = isBucket(type) ? undefined : settingOf(type);
      if (!isBucket(type) && !setting) return memory.read(subject, id, state, inputs);
      const s3 = client(region);
      const read = setting
        ? await ifThere(setting.get(s3, id)).then((found) => found && readInputs(setting, id, inputs, found))
        : await readBucket(s3, id, inputs);
      return read && { outputs: existingOutputs(type, id, read, region), inputs: read };
    },

    async update(subject, id, state, oldInputs, inputs) {
      const { type, region } = subject;
      if (!isBucket(type))
        return settingOf(type) ? put(subject, id, inputs) : memory.update(subject, id, state, oldInputs, inputs);
      await tagBucket(client(region), id, inputs);
      return existingOutputs(type, id, inputs, region);
    },

    async delete(subject, id, state) {
      const { type, region } = subject;
      const s3 = client(region);
      if (isBucket(type)) await ifThere(deleteBucket(s3, id, state.forceDestroy === true));
      else await ifThere(Promise.resolve(settingOf(type)?.remove(s3, id)));
    },
  };
}

async function readBucket(s3: sdk.S3Client, Bucket: string, inputs: Props): Promise<Props | undefined> {
  if (!(await ifThere(s3.send(new sdk.HeadBucketCommand({ Bucket }))))) return undefined;
  const found = await ifThere(s3.send(new sdk.GetBucketTaggingCommand({ Bucket })));
  const tags = found?.TagSet?.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  const read: Props = { forceDestroy: false, ...inputs, bucket: Bucket };
  delete read.tags;
  return tags ? { ...read, tags: Object.fromEntries(tags) } : read;
}

async function tagBucket(s3: sdk.S3Client, Bucket: string, { tags }: Props): Promise<void> {
  const TagSet = Object.entries((tags ?? {}) as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  else await s3.send(new sdk.DeleteBucketTaggingCommand({ Bucket }));
}

/** Deletes a bucket; with `forceDestroy`, every version of every object first. S3 refuses one that has objects. */
async function deleteBucket(s3: sdk.S3Client, Bucket: string, forceDestroy: boolean): Promise<void> {
  while (forceDestroy) {
    const found = await s3.send(new sdk.ListObjectVersionsCommand({ Bucket }));
    const all = [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])];
    const Objects = all.map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors = [] } = await s3.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    if (Errors[0]) throw new Error(`S3 keeps ${String(Errors[0].Key)}: ${String(Errors[0].Code)}`);
  }
  await s3.send(new sdk.DeleteBucketCommand({ Bucket }));
}
