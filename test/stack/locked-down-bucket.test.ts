import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { LockedDownBucketArgs } from "../../stack/locked-down-bucket";
import { declared, value, type Declared } from "./declared";

const bucket = "made-up-name";
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
  bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
  skipDestroy: true,
};

const endUnfinished = {
  id: "end-unfinished-uploads",
  status: "Enabled",
  filter: {},
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

const policyOf = (...Statement: object[]) => ({ bucket, policy: JSON.stringify({ Version: "2012-10-17", Statement }) });
const refusal = {
  Sid: "RefusePlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const allowance = { Effect: "Allow" as const, Principal: { AWS: "111122223333" }, Action: "s3:GetObject" };

const encryptedBy = (rule: object) => ({
  bucket,
  rules: [{ applyServerSideEncryptionByDefault: rule, bucketKeyEnabled: true }],
});
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd";

const inputsOf = (resources: Declared[], name: string): Record<string, unknown> | undefined =>
  resources.find(({ resource }) => resource === name)?.inputs;

describe("LockedDownBucket", () => {
  it("declares a private, encrypted, versioned, TLS-only bucket when nothing is asked of it", async () => {
    const { resources } = await declared();
    expect(resources.map(({ resource, inputs }) => [resource, inputs])).to.deep.equal([
      [BUCKET, { forceDestroy: false }],
      [BLOCK, block],
      [OWNERSHIP, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } }],
      [ENCRYPTION, encryptedBy({ sseAlgorithm: "AES256" })],
      [VERSIONING, { bucket, versioningConfiguration: { status: "Enabled" } }],
      [LIFECYCLE, { bucket, rules: [endUnfinished] }],
      [POLICY, policyOf(refusal)],
    ]);
  });

  it("chains its resources, the block directly after the bucket, and lets them go with the bucket only", async () => {
    const { resources } = await declared({ logBucket: "the-logs" });
    expect(resources.map(({ resource, dependsOn, deletedWith }) => [resource, dependsOn, deletedWith])).to.deep.equal([
      [BUCKET, [], undefined],
      [BLOCK, [BUCKET], BUCKET],
      [OWNERSHIP, [BLOCK], BUCKET],
      [ENCRYPTION, [OWNERSHIP], BUCKET],
      [VERSIONING, [ENCRYPTION], BUCKET],
      [LIFECYCLE, [VERSIONING], BUCKET],
      [LOGGING, [LIFECYCLE], BUCKET],
      [POLICY, [LOGGING], BUCKET],
    ]);
  });

  it("protects all of it but the logging, which can be asked for and given up again, unless told otherwise", async () => {
    const guarded = async (args: { protect?: boolean }): Promise<unknown[]> => {
      const { resources } = await declared({ ...args, logBucket: "the-logs" });
      return resources.filter((each) => each.protect === true).map(({ resource }) => resource);
    };
    const all = [BUCKET, BLOCK, OWNERSHIP, ENCRYPTION, VERSIONING, LIFECYCLE, POLICY];
    expect(await guarded({})).to.deep.equal(all);
    expect(await guarded({ protect: false })).to.deep.equal([]);
  });

  const asked: [request: string, args: LockedDownBucketArgs, resource: string, inputs: object][] = [
    [
      "a name, tags and the deletion of its objects",
      { bucketName: "the-data", tags: { team: "models" }, forceDestroy: true },
      BUCKET,
      { bucket: "the-data", tags: { team: "models" }, forceDestroy: true },
    ],
    ["a KMS key", { kmsKeyArn: KEY }, ENCRYPTION, encryptedBy({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY })],
    [
      "the end of old versions",
      { retentionDays: 30 },
      LIFECYCLE,
      {
        bucket,
        rules: [
          endUnfinished,
          {
            id: "expire-old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
    ],
    ["logs", { logBucket: "logs" }, LOGGING, { bucket, targetBucket: "logs", targetPrefix: "data/" }],
    [
      "logs under a prefix",
      { logBucket: "logs", logPrefix: "s3/" },
      LOGGING,
      { bucket, targetBucket: "logs", targetPrefix: "s3/" },
    ],
    [
      "statements in its policy",
      { policyStatements: (arn) => [{ ...allowance, Resource: pulumi.interpolate`${arn}/*` }] },
      POLICY,
      policyOf({ ...allowance, Resource: `arn:aws:s3:::${bucket}/*` }, refusal),
    ],
  ];
  for (const [request, args, resource, inputs] of asked) {
    it(`takes ${request}`, async () => {
      expect(inputsOf((await declared(args)).resources, resource)).to.deep.equal(inputs);
    });
  }

  it("tells the bucket's name and ARN, and the block's id", async () => {
    const { component } = await declared({ bucketName: "the-data" });
    const outputs = [component.bucketName, component.bucketArn, component.accessBlockId];
    expect(await Promise.all(outputs.map(value))).to.deep.equal(["the-data", "arn:aws:s3:::the-data", "the-data"]);
  });

  it("has no argument that turns the block off: the compiler refuses it, and it would change nothing", async () => {
    // @ts-expect-error the type check fails when this is no longer refused
    const { resources } = await declared({ blockPublicAcls: false, accessBlock: false });
    expect(inputsOf(resources, BLOCK)).to.deep.equal(block);
  });
});
