import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * What may be chosen about a {@link LockedDownBucket}. There is no argument for its public access block: every
 * flag of it is on, always.
 */
export interface LockedDownBucketArgs {
  /** The bucket's name in S3. Left out, the provider makes one up from the logical name. */
  bucketName?: pulumi.Input<string>;
  /**
   * The ARN of the KMS key that encrypts the objects. Left out, S3 encrypts with keys of its own (SSE-S3).
   * An ARN, because S3 looks up a bare key id or alias in the account of whoever writes the object.
   */
  kmsKeyArn?: pulumi.Input<string>;
  /** The bucket that receives the access logs: another one, as a bucket that logs to itself never stops logging. */
  logBucket?: pulumi.Input<string>;
  /** The prefix of the access logs' keys. By default, the logical name and a slash. */
  logPrefix?: pulumi.Input<string>;
  /** Days until a version that was overwritten or deleted is removed. By default, versions are kept. */
  retentionDays?: pulumi.Input<number>;
  /**
   * Statements for the bucket's policy, before the one that refuses plain HTTP. A bucket has one policy only, so
   * they can't come from a `BucketPolicy` of your own. S3 refuses a statement that makes the bucket public.
   */
  policyStatements?: (bucketArn: pulumi.Output<string>) => pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether Pulumi refuses to delete or replace the bucket and its settings. Left out: true. Turn it off with an
   * update of its own before a `destroy`.
   */
  protect?: boolean;
  /** Whether a deletion of the bucket deletes the objects in it too. Left out: false, and S3 refuses to delete a full bucket. */
  forceDestroy?: pulumi.Input<boolean>;
}

/** A resource of the same name that the program declared by itself before: it stays, and gets a new parent. */
const DECLARED_ALONE: pulumi.Alias = { parent: pulumi.rootStackResource };
const BUCKET_V2 = "aws:s3/bucketV2:BucketV2";

/**
 * A private S3 bucket: no public access, no ACLs, TLS only, encrypted, versioned, and cleaned of unfinished
 * uploads.
 *
 * Its resources are chained, because S3 answers 409 to two changes of one bucket at the same time; the public
 * access block comes directly after the bucket, so that nothing is ever set up on an open one.
 *
 * A deletion of the bucket takes its settings with it (`deletedWith`): they are not taken off one by one first,
 * which would leave a bare bucket behind when S3 refuses to delete one that has objects in it.
 */
export class LockedDownBucket extends pulumi.ComponentResource {
  /** The bucket itself, for resources that need more of it than its name and ARN. */
  readonly bucket: aws.s3.Bucket;
  /** Its public access block; make everything that could open the bucket depend on it. */
  readonly accessBlock: aws.s3.BucketPublicAccessBlock;
  readonly bucketName: pulumi.Output<string>;
  /** The bucket's ARN, `arn:aws:s3:::NAME`. */
  readonly bucketArn: pulumi.Output<string>;
  /** The id of the public access block, which in S3 is the bucket's name. */
  readonly accessBlockId: pulumi.Output<string>;

  constructor(name: string, args: LockedDownBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("s3-public-access-block:index:LockedDownBucket", name, {}, opts);
    const protect = args.protect ?? true;

    const bucket = new aws.s3.Bucket(
      name,
      { bucket: args.bucketName, tags: args.tags, forceDestroy: args.forceDestroy ?? false },
      { parent: this, protect, aliases: [DECLARED_ALONE, { ...DECLARED_ALONE, type: BUCKET_V2 }] },
    );
    const after = (previous: pulumi.Resource): pulumi.CustomResourceOptions => ({
      parent: this,
      protect,
      dependsOn: previous,
      deletedWith: bucket,
      aliases: [DECLARED_ALONE],
    });

    const accessBlock = new aws.s3.BucketPublicAccessBlock(
      `${name}AccessBlock`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
        // Taking this resource out of the program must not open the bucket.
        skipDestroy: true,
      },
      after(bucket),
    );

    const ownership = new aws.s3.BucketOwnershipControls(
      `${name}Ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      after(accessBlock),
    );

    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}Encryption`,
      { bucket: bucket.id, rules: [encryptionRule(args.kmsKeyArn)] },
      after(ownership),
    );

    const versioning = new aws.s3.BucketVersioning(
      `${name}Versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      after(encryption),
    );

    const lifecycle = new aws.s3.BucketLifecycleConfiguration(
      `${name}Lifecycle`,
      { bucket: bucket.id, rules: lifecycleRules(args.retentionDays) },
      after(versioning),
    );

    const logging =
      args.logBucket === undefined
        ? undefined
        : new aws.s3.BucketLogging(
            `${name}Logging`,
            { bucket: bucket.id, targetBucket: args.logBucket, targetPrefix: args.logPrefix ?? `${name}/` },
            // The one setting that an argument can take away again.
            { ...after(lifecycle), protect: false },
          );

    // Not the bucket's `arn`: that is unknown in the first preview, and a policy gate could not read the document.
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const arn = pulumi.interpolate`arn:${partition}:s3:::${bucket.bucket}`;
    // Last, as a deletion starts at the end: a protected one is refused here, before anything is gone.
    new aws.s3.BucketPolicy(
      `${name}Policy`,
      {
        bucket: bucket.id,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: pulumi.output(args.policyStatements?.(arn) ?? []).apply((more) => [...more, refusePlainHttp(arn)]),
        }),
      },
      after(logging ?? lifecycle),
    );

    this.bucket = bucket;
    this.accessBlock = accessBlock;
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.accessBlockId = accessBlock.id;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn, accessBlockId: this.accessBlockId });
  }
}

/** A bucket key spares KMS one call an object, objects that ask for KMS on an SSE-S3 bucket included. */
const encryptionRule = (kmsMasterKeyId: pulumi.Input<string> | undefined) => ({
  applyServerSideEncryptionByDefault:
    kmsMasterKeyId === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId },
  bucketKeyEnabled: true,
});

/** Parts of an upload that never finished are invisible and cost money: they go after a week. */
function lifecycleRules(noncurrentDays: pulumi.Input<number> | undefined) {
  const everything = { status: "Enabled", filter: {} };
  const unfinished = {
    id: "end-unfinished-uploads",
    ...everything,
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  if (noncurrentDays === undefined) return [unfinished];
  const old = {
    id: "expire-old-versions",
    ...everything,
    noncurrentVersionExpiration: { noncurrentDays },
    // The marker of a deleted object outlives its versions otherwise.
    expiration: { expiredObjectDeleteMarker: true },
  };
  return [unfinished, old];
}

/** A refusal for everyone, administrators included; it allows nothing, so it is not public. */
const refusePlainHttp = (arn: pulumi.Output<string>) => ({
  Sid: "RefusePlainHttp",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, pulumi.interpolate`${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
