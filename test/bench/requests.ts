/** Requests about stacks of any size: a fifth buckets, a fifth blocks that reference them, the rest other resources. */
import { UNKNOWN, type Props, type Resource } from "../../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../../harness/engine/analyzer-messages";
import { block, bucket } from "../policypack/resources";

const ACCOUNT = "123456789012";
const tags = (index: number): Props => ({
  Name: `service-${index}`,
  "cost-center": "4711",
  environment: "production",
  team: "platform",
});

export const OTHERS: [type: string, props: (index: number) => Props][] = [
  [
    "aws:lambda/function:Function",
    (index) => ({
      arn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:service-${index}`,
      invokeArn: UNKNOWN,
      architectures: ["arm64"],
      environment: { variables: { LOG_LEVEL: "info", TABLE: `table-${index}`, QUEUE_URL: UNKNOWN } },
      handler: "index.handler",
      memorySize: 512,
      name: `service-${index}`,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      role: `arn:aws:iam::${ACCOUNT}:role/service-${index}`,
      runtime: "nodejs22.x",
      s3Bucket: "artifacts",
      s3Key: `service-${index}/index.zip`,
      timeout: 30,
      tracingConfig: { mode: "Active" },
      vpcConfig: {
        securityGroupIds: [`sg-${index}`],
        subnetIds: ["subnet-0a1b2c3d", "subnet-4e5f6a7b", "subnet-8c9d0e1f"],
        vpcId: "vpc-0123456789abcdef0",
      },
      tags: tags(index),
      tagsAll: tags(index),
    }),
  ],
  [
    "aws:iam/role:Role",
    (index) => ({
      arn: UNKNOWN,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
      createDate: UNKNOWN,
      description: `Service ${index} runs as this role.`,
      forceDetachPolicies: false,
      inlinePolicies: [
        {
          name: "table",
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"].map((action) => ({
              Effect: "Allow",
              Action: action,
              Resource: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/table-${index}`,
            })),
          }),
        },
      ],
      maxSessionDuration: 3600,
      name: `service-${index}`,
      path: "/",
      tags: tags(index),
      tagsAll: tags(index),
      uniqueId: UNKNOWN,
    }),
  ],
  [
    "aws:ec2/securityGroup:SecurityGroup",
    (index) => ({
      arn: UNKNOWN,
      description: `Service ${index}`,
      egress: [{ cidrBlocks: ["0.0.0.0/0"], fromPort: 0, protocol: "-1", self: false, toPort: 0 }],
      ingress: [443, 8443, 9090].map((port) => ({
        cidrBlocks: ["10.0.0.0/16", "10.1.0.0/16"],
        description: `Port ${port}`,
        fromPort: port,
        protocol: "tcp",
        self: false,
        toPort: port,
      })),
      name: `service-${index}`,
      ownerId: ACCOUNT,
      tags: tags(index),
      tagsAll: tags(index),
      vpcId: "vpc-0123456789abcdef0",
    }),
  ],
];

/** One resource of a stack. The last bucket has no block. */
function resourceOf(index: number, size: number): Resource {
  const kind = index % 5;
  const isBare = index > size - 5;
  if (kind === 0) return bucket(`bucket${index}`);
  if (kind === 1 && !isBare) return block(`block${index}`, `bucket${index - 1}`);
  const [type, props] = OTHERS[index % OTHERS.length] ?? [];
  const name = `other${index}`;
  return bucket(name, { ...(type !== undefined && { type }), ...(props && { props: props(index) }) });
}

/** An AnalyzeStack request about so many resources: 100 or more, by fives. */
export function stackOf(size: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < size; from += 1000) {
    const count = Math.min(1000, size - from);
    const resources = Array.from({ length: count }, (_, index) => resourceOf(from + index, size));
    parts.push(analyzeStackRequest(resources).serializeBinary());
  }
  return Buffer.concat(parts); // A message is the same in parts.
}

/** An Analyze request for each of so many resources. */
export function resourcesOf(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, index) =>
    analyzeRequest(resourceOf(index, size)).serializeBinary(),
  );
}
