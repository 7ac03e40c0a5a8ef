"use strict";
// Buckets that come by other types than those of aws.s3. ROADS=open opens them all, anything else opens none.
const { Resource } = require("@pulumi/aws/cloudcontrol/resource");
const { Stack } = require("@pulumi/aws/cloudformation/stack");
const { StackSet } = require("@pulumi/aws/cloudformation/stackSet");
const { Policy } = require("@pulumi/aws/organizations/policy");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const pulumi = require("@pulumi/pulumi");
const { readFileSync } = require("node:fs");

// A file with more templates, by the names of their stacks.
const { TEMPLATES } = process.env;
const templates = TEMPLATES === undefined ? {} : JSON.parse(readFileSync(TEMPLATES, "utf8"));
for (const [name, templateBody] of Object.entries(templates)) new Stack(name, { templateBody });

const isOpen = process.env.ROADS === "open";

const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true };

const PublicAccessBlockConfiguration = {
  BlockPublicAcls: !isOpen,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

new Stack("json", {
  templateBody: JSON.stringify({
    Resources: {
      Data: { Type: "AWS::S3::Bucket", Properties: { PublicAccessBlockConfiguration } },
      Policy: {
        Type: "AWS::S3::BucketPolicy",
        Properties: {
          Bucket: { Ref: "Data" },
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Principal: isOpen ? "*" : { AWS: { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } },
                Action: "s3:GetObject",
                Resource: { "Fn::Sub": "arn:aws:s3:::${Data}/*" },
              },
            ],
          },
        },
      },
    },
  }),
});

const yaml = `
Parameters:
  Block: { Type: String, Default: "true" }
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "data-\${AWS::AccountId}"
      PublicAccessBlockConfiguration:
        BlockPublicAcls: !Ref Block
        IgnorePublicAcls: true
        BlockPublicPolicy: true
        RestrictPublicBuckets: true
`;
new Stack("yaml", { templateBody: yaml, parameters: { Block: String(!isOpen) } });
new StackSet("set", { templateBody: isOpen ? yaml : yaml.replace("!Ref Block", "true") });
new Stack("url", { templateUrl: "https://example.com/template.yaml" });

new Resource("control", {
  typeName: "AWS::S3::Bucket",
  desiredState: JSON.stringify({ PublicAccessBlockConfiguration }),
});
const blocked = new Resource("control-with-block", { typeName: "AWS::S3::Bucket", desiredState: "{}" });
if (!isOpen) new BucketPublicAccessBlock("control-block", { bucket: blocked.id, ...on, skipDestroy: true });

// What `pulumi package add terraform-provider hashicorp/aws` makes classes for.
const make = (type, name, props) =>
  new pulumi.CustomResource(`aws:index/${type.replace(/^./, "s")}:${type}`, name, props);
const bridged = make("S3Bucket", "bridged", { forceDestroy: false });
if (!isOpen) make("S3BucketPublicAccessBlock", "bridged-block", { bucket: bridged.id, ...on, skipDestroy: true });

new Policy("organization", {
  type: "S3_POLICY",
  content: JSON.stringify({
    s3_attributes: { public_access_block_configuration: { "@@assign": isOpen ? "none" : "all" } },
  }),
});
