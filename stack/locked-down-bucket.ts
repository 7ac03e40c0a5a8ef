import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The choices of a {@link LockedDownBucket}. Its public access block has every flag on, always. */
export interface LockedDownBucketArgs {
  /** The bucket's name in S3. Left out, the provider makes one up from the logical name. */
  bucketName?: pulumi.Input<string>;
  /** The ARN of a KMS key: S3 looks an id or alias up in the account of whoever writes. Left out: keys of S3 (SSE-S3). */
  kmsKeyArn?: pulumi.Input<string>;
  /** The bucket that receives the access logs: another one, as one that logs to itself never stops logging. */
  logBucket?: pulumi.Input<string>;
  /** The prefix of the access logs' keys. By default, the logical name and a slash. */
  logPrefix?: pulumi.Input<string>;
  /** Days until a version that was overwritten or deleted is removed. By default, versions are kept. */
  retentionDays?: pulumi.Input<number>;
  /** Statements of your own before the one that refuses plain HTTP: a bucket has one policy. S3 refuses a public one. */
  policyStatements?: (bucketArn: pulumi.Output<string>) => pulumi.Input<pulumi.Input<aws.iam.PolicyStatement>[]>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether Pulumi refuses to delete or replace the bucket. Left out: true. Turn it off in an update before a `destroy`. */
  protect?: boolean;
  /** Whether a deletion of the bucket deletes its objects too. Left out: false, and S3 refuses to delete a full bucket. */
  forceDestroy?: pulumi.Input<boolean>;
}

/** A resource of the same name that the program declared by itself before: it stays, and gets a new parent. */
const DECLARED_ALONE: pulumi.Alias = { parent: pulumi.rootStackResource };
const BUCKET_V2 = "aws:s3/bucketV2:BucketV2";

/**
 * A private S3 bucket: no public access, no ACLs, TLS only, encrypted, versioned, and cleaned of unfinished uploads.
 *
 * Its resources are chained, because S3 answers 409 to two changes of one bucket at the same time; the block comes first, so that
 * nothing is set up on an open bucket. Settings go with the bucket (`deletedWith`), so that one that S3 keeps isn't left bare.
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
    const own = { parent: this };
    const bucket = new aws.s3.Bucket(
      name,
      { bucket: args.bucketName, tags: args.tags, forceDestroy: args.forceDestroy ?? false },
      { ...own, protect, aliases: [DECLARED_ALONE, { ...DECLARED_ALONE, type: BUCKET_V2 }] },
    );
    let previous: pulumi.Resource = bucket;
    /** A setting of the bucket, which is made after the previous one. */
    function setting<Args, Setting extends pulumi.Resource>(
      kind: new (name: string, args: Args, opts: pulumi.CustomResourceOptions) => Setting,
      suffix: string,
      rest: Omit<Args, "bucket">,
      more: pulumi.CustomResourceOptions = {},
    ): Setting {
      const chained = { ...own, protect, dependsOn: previous, deletedWith: bucket, aliases: [DECLARED_ALONE], ...more };
      const made = new kind(`${name}${suffix}`, { bucket: bucket.id, ...rest } as Args, chained);
      previous = made;
      return made;
    }

    const accessBlock = setting(aws.s3.BucketPublicAccessBlock, "AccessBlock", {
      ...{ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      // Taking this resource out of the program must not open the bucket.
      skipDestroy: true,
    });
    setting(aws.s3.BucketOwnershipControls, "Ownership", { rule: { objectOwnership: "BucketOwnerEnforced" } });
    setting(aws.s3.BucketServerSideEncryptionConfiguration, "Encryption", { rules: [encryptionRule(args.kmsKeyArn)] });
    setting(aws.s3.BucketVersioning, "Versioning", { versioningConfiguration: { status: "Enabled" } });
    setting(aws.s3.BucketLifecycleConfiguration, "Lifecycle", { rules: lifecycleRules(args.retentionDays) });
    if (args.logBucket !== undefined) {
      const target = { targetBucket: args.logBucket, targetPrefix: args.logPrefix ?? `${name}/` };
      // The one setting that an argument can take away again.
      setting(aws.s3.BucketLogging, "Logging", target, { protect: false });
    }
    // Not the bucket's `arn`: that is unknown in the first preview, and a policy gate could not read the document.
    const { partition } = aws.getPartitionOutput({}, own);
    const arn = pulumi.interpolate`arn:${partition}:s3:::${bucket.bucket}`;
    const statements = pulumi.output(args.policyStatements?.(arn) ?? []);
    // Last, as a deletion starts at the end: a protected one is refused here, before anything is gone.
    setting(aws.s3.BucketPolicy, "Policy", {
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: statements.apply((more) => [...more, refusePlainHttp(arn)]),
      }),
    });

    this.bucket = bucket;
    this.accessBlock = accessBlock;
    const outputs = { bucketName: bucket.bucket, bucketArn: bucket.arn, accessBlockId: accessBlock.id };
    ({ bucketName: this.bucketName, bucketArn: this.bucketArn, accessBlockId: this.accessBlockId } = outputs);
    this.registerOutputs(outputs);
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
  const abortIncompleteMultipartUpload = { daysAfterInitiation: 7 };
  const unfinished = { id: "end-unfinished-uploads", ...everything, abortIncompleteMultipartUpload };
  if (noncurrentDays === undefined) return [unfinished];
  // The marker of a deleted object outlives its versions otherwise.
  const expiry = { noncurrentVersionExpiration: { noncurrentDays }, expiration: { expiredObjectDeleteMarker: true } };
  return [unfinished, { id: "expire-old-versions", ...everything, ...expiry }];
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
