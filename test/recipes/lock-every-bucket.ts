import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// Goes for every bucket that the program makes after this, those of packages included, unless a plugin makes them (awsx).
pulumi.runtime.registerStackTransformation(({ type, name, resource }) => {
  if (/^aws:s3\/bucket(V2)?:/.test(type) && name.startsWith("pulumi-cdk-")) {
    // The bucket is about to be made, and has its id a moment later.
    queueMicrotask(() => {
      if (pulumi.CustomResource.isInstance(resource)) lock(name, resource);
    });
  }
  return undefined;
});

function lock(name: string, bucket: pulumi.CustomResource): void {
  new aws.s3.BucketPublicAccessBlock(
    `${name}AccessBlock`,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
      skipDestroy: true,
    },
    { parent: bucket, deletedWith: bucket },
  );
}

// In your program: new App("app", …) of @pulumi/cdk, which makes this bucket.
new aws.s3.Bucket("pulumi-cdk-app-staging", { forceDestroy: true });
