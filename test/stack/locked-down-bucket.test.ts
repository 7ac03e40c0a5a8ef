import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { LockedDownBucketArgs } from "../../stack/locked-down-bucket";
import { declared, type Declared } from "./declared";
import { testdata } from "../testdata";

type ByResource = Record<string, Record<string, unknown>>;
const { declares, asked } = testdata("reference-stack.yaml") as {
  declares: ByResource;
  asked: Record<string, { args: LockedDownBucketArgs; declares: ByResource }>;
};
const LOGGING = "aws:s3/bucketLogging:BucketLogging dataLogging";
const [BUCKET = "", POLICY = ""] = [0, -1].map((at) => Object.keys(declares).at(at));

/** What is declared, with the policy as what its text says. */
function inputsOf(resources: readonly Declared[]): ByResource {
  const read = ({ policy, ...rest }: Record<string, unknown>) =>
    policy === undefined ? rest : { ...rest, policy: JSON.parse(policy as string) as unknown };
  return Object.fromEntries(resources.map(({ resource, inputs }) => [resource, read(inputs)]));
}

describe("LockedDownBucket", () => {
  it("declares a private, encrypted, versioned, TLS-only bucket when nothing is asked of it", async () => {
    expect(inputsOf(await declared())).to.deep.equal(declares);
  });

  it("chains its resources, the block directly after the bucket, and lets them go with the bucket only", async () => {
    const order = [...Object.keys(declares).slice(0, -1), LOGGING, POLICY];
    const resources = await declared({ logBucket: "the-logs" });
    expect(resources.map(({ resource, dependsOn, deletedWith }) => [resource, dependsOn, deletedWith])).to.deep.equal(
      order.map((each, at) => [each, order.slice(Math.max(0, at - 1), at), at === 0 ? undefined : BUCKET]),
    );
  });

  it("protects all of it but the logging, which can be asked for and given up again, unless told otherwise", async () => {
    const guarded = async (args: { protect?: boolean }): Promise<unknown[]> => {
      const resources = await declared({ ...args, logBucket: "the-logs" });
      return resources.filter((each) => each.protect === true).map(({ resource }) => resource);
    };
    expect(await guarded({})).to.deep.equal(Object.keys(declares));
    expect(await guarded({ protect: false })).to.deep.equal([]);
  });

  it("takes what it is asked for", async () => {
    for (const [request, { args, declares: changed }] of Object.entries(asked))
      expect(inputsOf(await declared(args)), request).to.deep.include(changed);
  });

  it("takes statements for its policy, before its own", async () => {
    const allowance = { Effect: "Allow" as const, Principal: { AWS: "111122223333" }, Action: "s3:GetObject" };
    const resources = await declared({
      policyStatements: (arn) => [{ ...allowance, Resource: pulumi.interpolate`${arn}/*` }],
    });
    const { Statement: own } = declares[POLICY]?.policy as { Statement: object[] };
    const { Statement: all } = inputsOf(resources)[POLICY]?.policy as { Statement: object[] };
    expect(all).to.deep.equal([{ ...allowance, Resource: "arn:aws:s3:::made-up-name/*" }, ...own]);
  });

  it("has no argument that turns the block off: the compiler refuses it, and it would change nothing", async () => {
    // @ts-expect-error the type check fails when this is no longer refused
    const resources = await declared({ blockPublicAcls: false, accessBlock: false });
    expect(inputsOf(resources)).to.deep.equal(declares);
  });
});
