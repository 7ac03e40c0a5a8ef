import * as aws from "@pulumi/aws";
import { PolicyPack, validateResourceOfType } from "@pulumi/policy";

// The pack as it is mostly written: from the template for TypeScript, with the SDK's helpers, and a search in a loop.
new PolicyPack("typical", {
  policies: [
    {
      name: "s3-bucket-has-public-access-block",
      description: "Every S3 bucket has a public access block.",
      enforcementLevel: "mandatory",
      validateStack: (args, reportViolation) => {
        const buckets = args.resources.filter((resource) => resource.isType(aws.s3.Bucket));
        const blocks = args.resources.filter((resource) => resource.isType(aws.s3.BucketPublicAccessBlock));
        for (const bucket of buckets) {
          const block = blocks.find((each) => each.propertyDependencies.bucket?.some(({ urn }) => urn === bucket.urn));
          if (block === undefined) reportViolation("The bucket has no public access block.", bucket.urn);
        }
      },
    },
    {
      name: "s3-public-access-block-flags",
      description: "Every S3 public access block has its four flags on.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(aws.s3.BucketPublicAccessBlock, (block, _args, reportViolation) => {
        const flags = [
          block.blockPublicAcls,
          block.ignorePublicAcls,
          block.blockPublicPolicy,
          block.restrictPublicBuckets,
        ];
        if (!flags.every((flag) => flag === true)) reportViolation("A flag is off.");
      }),
    },
  ],
});
