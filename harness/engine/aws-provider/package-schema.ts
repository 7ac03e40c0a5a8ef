/** The schema of the package, as far as the tests' programs in YAML need it: their language host types resources by it. */

const text = { type: "string" };
const flag = { type: "boolean" };

const RESOURCES = {
  "aws:s3/bucket:Bucket": { bucket: text, acl: text, forceDestroy: flag },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    bucket: text,
    blockPublicAcls: flag,
    blockPublicPolicy: flag,
    ignorePublicAcls: flag,
    restrictPublicBuckets: flag,
    skipDestroy: flag,
  },
};

export function packageSchema(version: string): object {
  const resources = Object.entries(RESOURCES).map(([token, properties]) => [
    token,
    { properties, inputProperties: properties },
  ]);
  return {
    name: "aws",
    version,
    // How a token's module is a module with the file's name: "Pulumi package schema", meta.
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    provider: { inputProperties: { region: text } },
    resources: Object.fromEntries(resources) as object,
  };
}
