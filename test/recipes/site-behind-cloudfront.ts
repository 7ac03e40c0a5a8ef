import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LockedDownBucket } from "../../stack/locked-down-bucket";

// The distribution reads the bucket, and the bucket's policy names the distribution: one has to come later.
const [distributionArn, setDistributionArn] = pulumi.deferredOutput<string>();

const site = new LockedDownBucket("site", {
  policyStatements: (bucketArn) => [
    {
      Sid: "CloudFrontReads",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: pulumi.interpolate`${bucketArn}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
    },
  ],
});

const access = new aws.cloudfront.OriginAccessControl("site", {
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const distribution = new aws.cloudfront.Distribution("site", {
  enabled: true,
  defaultRootObject: "index.html",
  origins: [{ originId: "site", domainName: site.bucket.bucketRegionalDomainName, originAccessControlId: access.id }],
  defaultCacheBehavior: {
    targetOriginId: "site",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6", // AWS's own CachingOptimized
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});
setDistributionArn(distribution.arn);

export const url = pulumi.interpolate`https://${distribution.domainName}`;
