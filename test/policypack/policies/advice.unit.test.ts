import { expect } from "chai";
import type { Resource } from "../../../policypack/engine/resource";
import { s3NoAnonymousRole } from "../../../policypack/policies/s3-no-anonymous-role";
import { s3NoAnonymousService } from "../../../policypack/policies/s3-no-anonymous-service";
import type { StackPolicy } from "../../../policypack/policy/definition";

const MANY = 2000;

/** How often properties are read of a stack with many of each type, and how many findings there are. */
function evaluated(policy: StackPolicy, types: Readonly<Record<string, (at: number) => Record<string, unknown>>>) {
  let reads = 0;
  const resources = Object.entries(types).flatMap(([type, propsOf]) =>
    Array.from({ length: MANY }, (_, at) => {
      const props = propsOf(at);
      const read = (key: string): unknown => (reads++, props[key]);
      return { urn: `urn:pulumi:dev::test::${type}::${at}`, type, read, references: () => [] } as unknown as Resource;
    }),
  );
  return { findings: policy.evaluateStack(resources, {}).length, reads };
}

describe("Advice on what belongs together", () => {
  it("takes no more time than the stack is large, with as many methods as integrations", () => {
    const own = (at: number) => ({ resourceId: `r-${at}`, httpMethod: "GET" });
    const { findings, reads } = evaluated(s3NoAnonymousService, {
      "aws:apigateway/method:Method": (at) => ({ ...own(at), authorization: "NONE" }),
      "aws:apigateway/integration:Integration": (at) => ({
        ...own(at),
        uri: "arn:aws:apigateway:eu-west-1:s3:path/data",
      }),
    });
    expect(findings).to.equal(MANY);
    expect(reads).to.be.below(40 * MANY);
  });

  it("takes no more time than the stack is large, with as many identity pools as roles", () => {
    const { findings, reads } = evaluated(s3NoAnonymousRole, {
      "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment": (at) => ({
        roles: { unauthenticated: `${at}` },
      }),
      "aws:iam/role:Role": (at) => ({ arn: `${at}`, managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
    });
    expect(findings).to.equal(MANY);
    expect(reads).to.be.below(40 * MANY);
  });
});
