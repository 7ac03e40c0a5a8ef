/** Resources of programs that are data. */
import type { DataResource } from "../harness/engine";

const S3 = "aws:s3/";

export const bucket = (name: string, change: Partial<DataResource> = {}): DataResource => ({
  ...{ type: `${S3}bucket:Bucket`, name, ...change },
});

/** A block with all flags on, on the bucket of that name. */
export const block = (
  name: string,
  target: string,
  props: Record<string, unknown> = {},
  change: Partial<DataResource> = {},
): DataResource => ({
  ...{ type: `${S3}bucketPublicAccessBlock:BucketPublicAccessBlock`, name },
  props: { bucket: `\${${target}.id}`, ...ON, skipDestroy: true, ...props },
  ...change,
});

export const ON = {
  ...{ blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true },
};
