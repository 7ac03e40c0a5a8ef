/** The provider functions (data sources) that S3 programs call, and the package's schema for programs in YAML. */
import type { Props, Value } from "../values";
import { ACCOUNT, bucketOutputs } from "./outputs";

/** An argument that is a string, or else what stands in for it. */
const text = (value: Value | undefined, otherwise = "") => (typeof value === "string" ? value : otherwise);

const functions: Readonly<Record<string, (args: Props, region: string) => Props>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    ...{ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, id: ACCOUNT, userId: ACCOUNT },
  }),
  "aws:index/getPartition:getPartition": () => ({
    ...{ dnsSuffix: "amazonaws.com", id: "aws", partition: "aws", reverseDnsPrefix: "com.amazonaws" },
  }),
  "aws:index/getRegion:getRegion": (args, own) => {
    const region = text(args.region, text(args.name, own));
    return { description: region, endpoint: `ec2.${region}.amazonaws.com`, id: region, name: region, region };
  },
  "aws:s3/getBucket:getBucket": (args, own) => {
    const bucket = text(args.bucket);
    return { ...bucketOutputs(bucket, text(args.region, own)), id: bucket };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    const Statement = ((args.statements ?? []) as Props[]).map(statement);
    return { ...args, id: "policy", json: JSON.stringify({ Version: "2012-10-17", Statement }) };
  },
};

/** What isn't given is left out of the JSON. */
function statement({ sid, effect, actions, resources, principals, conditions }: Props): unknown {
  return {
    Sid: sid,
    Effect: text(effect, "Allow").replace(/^./, (first) => first.toUpperCase()),
    Action: actions,
    Resource: resources,
    // `{type: "AWS", identifiers: [...]}` becomes `{"AWS": [...]}`.
    Principal:
      principals && Object.fromEntries((principals as Props[]).map((each) => [text(each.type), each.identifiers])),
    Condition:
      conditions &&
      Object.fromEntries(
        (conditions as Props[]).map((each) => [text(each.test), { [text(each.variable)]: each.values }]),
      ),
  };
}

/**
 * Calls a provider function.
 * @throws Error for one that the stand-in does not have.
 */
export function invoke(token: string, args: Props, region: string): Props {
  const call = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (call) return call(args, region);
  throw new Error(`the AWS stand-in has no function ${token}; add it to aws-provider/functions.ts`);
}

const [string, boolean] = [{ type: "string" }, { type: "boolean" }];
const RESOURCES = {
  "aws:s3/bucket:Bucket": { bucket: string, acl: string, forceDestroy: boolean },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    ...{ bucket: string, blockPublicAcls: boolean, blockPublicPolicy: boolean },
    ...{ ignorePublicAcls: boolean, restrictPublicBuckets: boolean, skipDestroy: boolean },
  },
};

/** The schema of the package, as far as the tests' programs in YAML need it: their language host types resources by it. */
export function packageSchema(version: string): object {
  const resources = Object.entries(RESOURCES).map(([token, properties]) => [
    token,
    { properties, inputProperties: properties },
  ]);
  return {
    ...{ name: "aws", version, resources: Object.fromEntries(resources) as object },
    // How a token's module is a module with the file's name: "Pulumi package schema", meta.
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    provider: { inputProperties: { region: string } },
  };
}
