/*
 * Resources of programs that are data. Of the programs in this folder, Pulumi.yaml says `main: index.js`: without it the CLI takes the
 * nearest package.json's `main`, and runs the policy pack as the program. They are plain JavaScript (`typescript: false`) and require
 * one file per resource, since TypeScript and all of @pulumi/aws add up to 3 s. `source-*` are in the languages that the gate reads.
 */
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
