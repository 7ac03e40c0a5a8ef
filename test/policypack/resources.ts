import { UNKNOWN, type Props, type Resource } from "../harness/engine/analyzer";

/*
 * Resources as the engine sends them: a bucket and a block that locks it, for a test to change one thing of. Inputs go
 * to Analyze, outputs to AnalyzeStack.
 */

export const BUCKET = "aws:s3/bucket:Bucket";
export const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

export const ON = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
};

export function urn(name: string, type = BUCKET): string {
  return `urn:pulumi:dev::test::${type}::${name}`;
}

export function provider(props: Props, name: string): NonNullable<Resource["provider"]> {
  const type = "pulumi:providers:aws";
  return { type, urn: urn(name, type), name, props };
}

export const known = provider({ region: "eu-west-1" }, "default_7_48_0");

/** A bucket that the provider has named, as its first preview has it. */
export function bucket(name: string, change: Partial<Resource> = {}): Resource {
  const type = change.type ?? BUCKET;
  const props: Props = {
    bucket: `${name.toLowerCase()}-1a2b3c4`,
    arn: UNKNOWN,
    region: "eu-west-1",
    forceDestroy: false,
  };
  return { type, urn: urn(name, type), name, props, provider: known, ...change };
}

/** A block with `bucket: target.id`, as its first preview has it. */
export function block(name: string, target: string, change: Partial<Resource> = {}, props: Props = {}): Resource {
  const all: Props = { bucket: UNKNOWN, region: "eu-west-1", ...ON, skipDestroy: true, ...props };
  return {
    ...bucket(name, { type: BLOCK }),
    props: all,
    dependencies: [urn(target)],
    propertyDependencies: { bucket: [urn(target)] },
    ...change,
  };
}

/** A resource of any type, with no more than these properties. */
export function resource(type: string, props: Props, name = "it"): Resource {
  return { type, urn: urn(name, type), name, props, provider: known };
}

/** A CloudFormation stack with a template. */
export function template(templateBody: string, name?: string): Resource {
  return resource("aws:cloudformation/stack:Stack", { templateBody }, name);
}
