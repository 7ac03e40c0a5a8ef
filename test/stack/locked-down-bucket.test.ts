import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { declared, value, type Declared } from "./declared";

const BUCKET = "aws:s3/bucket:Bucket data";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock dataAccessBlock";
const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls dataOwnership";
const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration dataEncryption";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning dataVersioning";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration dataLifecycle";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy dataPolicy";
const LOGGING = "aws:s3/bucketLogging:BucketLogging dataLogging";

const block = {
  bucket: "made-up-name",
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
};

const refusal = {
  Sid: "RefusePlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::made-up-name", "arn:aws:s3:::made-up-name/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const inputsOf = (resources: Declared[], name: string): Record<string, unknown> | undefined =>
  resources.find(({ resource }) => resource === name)?.inputs;

describe("LockedDownBucket", () => {
  it("declares a private, encrypted, versioned, TLS-only bucket when nothing is asked of it", async () => {
    const { resources } = await declared();
    const bucket = "made-up-name";
    expect(resources.map(({ resource, inputs }) => [resource, inputs])).to.deep.equal([
      [BUCKET, { forceDestroy: false }],
      [BLOCK, block],
      [OWNERSHIP, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }],
      [
        ENCRYPTION,
        { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }] },
      ],
      [VERSIONING, { bucket, versioningConfiguration: { status: "Enabled" } }],
      [
        LIFECYCLE,
        {
          bucket,
          rules: [
            {
              id: "end-unfinished-uploads",
              status: "Enabled",
              filter: {},
              abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            },
          ],
        },
      ],
      [POLICY, { bucket, policy: JSON.stringify({ Version: "2012-10-17", Statement: [refusal] }) }],
    ]);
  });

  it("chains its resources, the block directly after the bucket, and lets them go with the bucket only", async () => {
    const { resources } = await declared({ logBucket: "the-logs" });
    expect(
      resources.map(({ resource, dependsOn, deletedWith }) => ({ resource, dependsOn, deletedWith })),
    ).to.deep.equal([
      { resource: BUCKET, dependsOn: [], deletedWith: undefined },
      { resource: BLOCK, dependsOn: [BUCKET], deletedWith: BUCKET },
      { resource: OWNERSHIP, dependsOn: [BLOCK], deletedWith: BUCKET },
      { resource: ENCRYPTION, dependsOn: [OWNERSHIP], deletedWith: BUCKET },
      { resource: VERSIONING, dependsOn: [ENCRYPTION], deletedWith: BUCKET },
      { resource: LIFECYCLE, dependsOn: [VERSIONING], deletedWith: BUCKET },
      { resource: LOGGING, dependsOn: [LIFECYCLE], deletedWith: BUCKET },
      { resource: POLICY, dependsOn: [LOGGING], deletedWith: BUCKET },
    ]);
  });

  it("protects all of it but the logging, which can be asked for and given up again, unless told otherwise", async () => {
    const guarded = async (args: { protect?: boolean }): Promise<unknown[]> => {
      const { resources } = await declared({ ...args, logBucket: "the-logs" });
      return resources.filter((each) => each.protect === true).map(({ resource }) => resource);
    };
    const all = [BUCKET, BLOCK, OWNERSHIP, ENCRYPTION, VERSIONING, LIFECYCLE, POLICY];
    expect(await guarded({})).to.deep.equal(all);
    expect(await guarded({ protect: true })).to.deep.equal(all);
    expect(await guarded({ protect: false })).to.deep.equal([]);
  });

  it("takes a name, tags and forceDestroy to the bucket", async () => {
    const { resources } = await declared({ bucketName: "the-data", tags: { team: "models" }, forceDestroy: true });
    expect(inputsOf(resources, BUCKET)).to.deep.equal({
      bucket: "the-data",
      tags: { team: "models" },
      forceDestroy: true,
    });
  });

  it("encrypts with a KMS key on request", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";
    const { resources } = await declared({ kmsKeyArn });
    expect(inputsOf(resources, ENCRYPTION)).to.deep.equal({
      bucket: "made-up-name",
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
  });

  it("expires old versions on request, and still ends unfinished uploads", async () => {
    const { resources } = await declared({ retentionDays: 30 });
    expect(inputsOf(resources, LIFECYCLE)).to.deep.equal({
      bucket: "made-up-name",
      rules: [
        {
          id: "end-unfinished-uploads",
          status: "Enabled",
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        {
          id: "expire-old-versions",
          status: "Enabled",
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          expiration: { expiredObjectDeleteMarker: true },
        },
      ],
    });
  });

  it("logs access to another bucket on request, under its own prefix or a given one", async () => {
    const logging = async (logPrefix?: string): Promise<unknown> =>
      inputsOf(
        (await declared({ logBucket: "the-logs", ...(logPrefix !== undefined && { logPrefix }) })).resources,
        LOGGING,
      );
    const sent = { bucket: "made-up-name", targetBucket: "the-logs" };
    expect(await logging()).to.deep.equal({ ...sent, targetPrefix: "data/" });
    expect(await logging("s3/")).to.deep.equal({ ...sent, targetPrefix: "s3/" });
  });

  it("takes statements into its policy, before the refusal of plain HTTP", async () => {
    const { resources } = await declared({
      policyStatements: (arn) => [
        {
          Effect: "Allow",
          Principal: { AWS: "111122223333" },
          Action: "s3:GetObject",
          Resource: pulumi.interpolate`${arn}/*`,
        },
      ],
    });
    expect(inputsOf(resources, POLICY)).to.deep.equal({
      bucket: "made-up-name",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: "111122223333" },
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::made-up-name/*",
          },
          refusal,
        ],
      }),
    });
  });

  it("tells the bucket's name and ARN, and the block's id", async () => {
    const { component } = await declared({ bucketName: "the-data" });
    expect(
      await Promise.all([component.bucketName, component.bucketArn, component.accessBlockId].map(value)),
    ).to.deep.equal(["the-data", "arn:aws:s3:::the-data", "the-data"]);
  });

  it("has no argument that turns the block off: the compiler refuses it, and it would change nothing", async () => {
    // @ts-expect-error the type check fails when this is no longer refused
    const { resources } = await declared({ blockPublicAcls: false, accessBlock: false });
    expect(inputsOf(resources, BLOCK)).to.deep.equal(block);
  });
});
