/** The provider functions (data sources) that the tests' programs call, and the package's schema for programs in YAML. */
import type { Props } from "../values";
import { ACCOUNT } from "./outputs";

const FUNCTIONS: Readonly<Record<string, Props>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    ...{ accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, id: ACCOUNT, userId: ACCOUNT },
  },
  "aws:index/getPartition:getPartition": {
    ...{ dnsSuffix: "amazonaws.com", id: "aws", partition: "aws", reverseDnsPrefix: "com.amazonaws" },
  },
};

/**
 * What a provider function answers.
 * @throws Error for one that the stand-in does not have.
 */
export function invoke(token: string): Props {
  const answer = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (answer) return answer;
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
    name: "aws",
    version,
    resources: Object.fromEntries(resources) as object,
    // How a token's module is a module with the file's name: "Pulumi package schema", meta.
    meta: { moduleFormat: "(.*)(?:/[^/]*)" },
    provider: { inputProperties: { region: string } },
  };
}
