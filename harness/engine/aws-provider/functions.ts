/** The provider functions (data sources) that S3 programs call. */
import type { Props, Value } from "../values";
import { ACCOUNT, bucketOutputs } from "./outputs";

/** An argument that is a string, or else what stands in for it. */
const text = (value: Value | undefined, otherwise = "") => (typeof value === "string" ? value : otherwise);

const functions: Readonly<Record<string, (args: Props, region: string) => Props>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    id: ACCOUNT,
    userId: ACCOUNT,
  }),
  "aws:index/getPartition:getPartition": () => ({
    dnsSuffix: "amazonaws.com",
    id: "aws",
    partition: "aws",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (args, own) => {
    const region = text(args.region, text(args.name, own));
    return { description: region, endpoint: `ec2.${region}.amazonaws.com`, id: region, name: region, region };
  },
  "aws:s3/getBucket:getBucket": (args, own) => {
    const bucket = text(args.bucket);
    return { ...bucketOutputs(bucket, text(args.region, own)), id: bucket };
  },
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => ({
    ...args,
    id: "policy",
    json: policyDocument(args),
  }),
};

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `{type: "AWS", identifiers: [...]}` becomes `{"AWS": [...]}`. */
function principals(list: Props[]): unknown {
  return Object.fromEntries(list.map(({ type, identifiers }) => [text(type), identifiers]));
}

function statement(part: Props): unknown {
  const { sid, effect, actions, resources, principals: who, conditions } = part;
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: capitalized(text(effect, "Allow")),
    ...(actions === undefined ? {} : { Action: actions }),
    ...(resources === undefined ? {} : { Resource: resources }),
    ...(who === undefined ? {} : { Principal: principals(who as Props[]) }),
    ...(conditions === undefined
      ? {}
      : {
          Condition: Object.fromEntries(
            (conditions as Props[]).map(({ test, variable, values }) => [
              text(test),
              { [text(variable)]: values },
            ]),
          ),
        }),
  };
}

function policyDocument(args: Props): string {
  const statements = Array.isArray(args.statements) ? (args.statements as Props[]) : [];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map(statement) });
}

/**
 * Calls a provider function.
 * @throws Error for one that the stand-in does not have.
 */
export function invoke(token: string, args: Props, region: string): Props {
  const call = Object.hasOwn(functions, token) ? functions[token] : undefined;
  if (!call)
    throw new Error(
      `the AWS stand-in has no function ${token}; add it to harness/engine/aws-provider/functions.ts`,
    );
  return call(args, region);
}
