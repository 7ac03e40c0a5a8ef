/** What must be known of a resource type beyond its computed outputs: names, defaults, identity. */
import type { Props } from "../values";
import { schemaOf } from "./schema";

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

const bucket: Kind = {
  name: { property: "bucket", prefix: "bucketPrefix", maxLength: 63, lowerCase: true },
  defaults: { forceDestroy: false },
  forceNew: ["bucket", "bucketPrefix", "region"],
  id: "bucket",
};

/** A resource that configures one bucket and is known by the bucket's name. */
const ofOneBucket: Kind = { defaults: {}, forceNew: ["bucket", "region"], id: "bucket" };

const flags: Props = {
  blockPublicAcls: false,
  blockPublicPolicy: false,
  ignorePublicAcls: false,
  restrictPublicBuckets: false,
};

const kinds: Readonly<Record<string, Kind>> = {
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/directoryBucket:DirectoryBucket": ofOneBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { ...ofOneBucket, defaults: flags },
  "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock": {
    defaults: flags,
    forceNew: ["accountId"],
    id: "accountId",
  },
  "aws:s3/bucketObject:BucketObject": { defaults: {}, forceNew: ["bucket", "key", "region"], id: "key" },
  "aws:s3/bucketObjectv2:BucketObjectv2": { defaults: {}, forceNew: ["bucket", "key", "region"], id: "key" },
};

/** Any other type, with an automatic name when it takes one. */
const generic = (type: string): Kind => ({
  ...(schemaOf(type).hasName ? { name: { property: "name", maxLength: 255 }, id: "name" } : {}),
  defaults: {},
  forceNew: ["name", "region"],
});

/** The kind of a type. One that is not listed: `aws:s3/bucketXxx` configures a bucket, the others are treated alike. */
export function kindOf(type: string): Kind {
  const listed = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  return listed ?? (type.startsWith("aws:s3/bucket") ? ofOneBucket : generic(type));
}
