import { expect } from "chai";
import {
  UNKNOWN,
  type Diagnostic,
  type PolicyConfiguration,
  type Props,
  type Resource,
} from "../../../harness/engine/analyzer";
import { PolicyTester } from "../../../harness/policy-tester";
import { BLOCK, block, bucket, ON, urn } from "../resources";
import { door, ROOT } from "./doors";

/** For each policy, a resource that it blocks. */
const OPEN: Record<string, Resource> = {
  "s3-bucket-public-access-block": bucket("door"),
  "s3-public-access-block-flags": block("door", "data", {}, { blockPublicAcls: false }),
  "s3-public-access-block-skip-destroy": block("door", "data", {}, { skipDestroy: false }),
  "s3-account-public-access-block": door("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", {
    ...ON,
    blockPublicAcls: false,
  }),
  "s3-access-point-public-access-block": door("aws:s3/accessPoint:AccessPoint", {
    publicAccessBlockConfiguration: { blockPublicAcls: false },
  }),
  "s3-no-public-acl": door("aws:s3/bucketAcl:BucketAcl", { acl: "public-read" }),
  "s3-no-public-folder": folderWith({ acl: "public-read" }),
  "s3-no-public-bucket-policy": door("aws:s3/bucketPolicy:BucketPolicy", { policy: "x" }),
};

/** The policies that show, and don't block, where no configuration says otherwise. */
const ADVISORY = ["s3-public-access-block-skip-destroy"];

/** For the policies that have notes, a resource that can't be evaluated yet. */
const UNEVALUATED: Record<string, Resource> = {
  "s3-no-public-acl": door("aws:s3/bucketAcl:BucketAcl", { acl: UNKNOWN }),
  "s3-no-public-folder": folderWith({ acl: UNKNOWN }),
  "s3-no-public-bucket-policy": door("aws:s3/bucketPolicy:BucketPolicy", { policy: UNKNOWN }),
};

/** The object of a synced folder. What is said of it is said of the folder, so here it is that too. */
function folderWith(props: Props): Resource {
  const type = "aws:s3/bucketObject:BucketObject";
  const at = urn("door", `synced-folder:index:S3BucketFolder$${type}`);
  return { ...door(type, props), urn: at, parent: at };
}

const [PAST, FUTURE] = ["2020-01-31", "2999-12-31"];

describe("Every policy", () => {
  const tester = new PolicyTester(ROOT);

  /** A preview of a stack with one resource, under a configuration. */
  async function evaluate(
    resource: Resource,
    config: Record<string, PolicyConfiguration> = {},
  ): Promise<Diagnostic[]> {
    await tester.pack.configure(config);
    return [...(await tester.pack.analyze(resource)), ...(await tester.pack.analyzeStack([resource]))];
  }

  const exempt = (policy: string, at: string, more: Props = {}): Record<string, PolicyConfiguration> => ({
    [policy]: { props: { exemptions: [{ urn: at, reason: "reviewed", ...more }] } },
  });

  it("is here with a resource that it blocks", async () => {
    const { policies } = await tester.pack.info();
    expect(policies.map(({ name }) => name)).to.deep.equal(Object.keys(OPEN));
  });

  for (const [policy, resource] of Object.entries(OPEN)) {
    describe(policy, () => {
      let blocked: Diagnostic;
      before(async () => {
        const [found, ...others] = await evaluate(resource);
        expect(others).to.deep.equal([]);
        expect({ ...found, message: "" }).to.deep.equal({
          ...{ policy, urn: resource.urn, message: "" },
          ...(ADVISORY.includes(policy)
            ? { level: "advisory", severity: "medium" }
            : { level: "mandatory", severity: "high" }),
        });
        blocked = found ?? expect.fail();
      });

      it("shows and doesn't block as advisory", async () => {
        const shown = { ...blocked, level: "advisory" };
        expect(await evaluate(resource, { [policy]: { level: "advisory" } })).to.deep.equal([shown]);
        expect(await evaluate(resource, { all: { level: "advisory" } })).to.deep.equal([shown]);
      });

      it("says nothing as disabled", async () => {
        expect(await evaluate(resource, { [policy]: { level: "disabled" } })).to.deep.equal([]);
        expect(await evaluate(resource, { all: { level: "disabled" } })).to.deep.equal([]);
      });

      it("blocks by its own level where all others are disabled, and at the level remediate", async () => {
        const own = { all: { level: "disabled" }, [policy]: { level: "mandatory" } } as const;
        const atItsLevel = [{ ...blocked, level: "mandatory" }];
        expect(await evaluate(resource, own)).to.deep.equal(atItsLevel);
        expect(await evaluate(resource, { [policy]: { level: "remediate" } })).to.deep.equal(atItsLevel);
      });

      it("notes a resource that is exempt, for good or until a day", async () => {
        const [first = ""] = blocked.message.split("\n");
        const noted = (message: string): Diagnostic => ({ ...blocked, level: "advisory", message });
        for (const at of [resource.urn, "**::door"]) {
          expect(await evaluate(resource, exempt(policy, at))).to.deep.equal([
            noted(`Exempt: reviewed\n${first}`),
          ]);
          expect(await evaluate(resource, exempt(policy, at, { expires: FUTURE }))).to.deep.equal([
            noted(`Exempt until ${FUTURE}: reviewed\n${first}`),
          ]);
        }
      });

      it("notes a resource on the last day of its exemption", async () => {
        const expires = new Date().toISOString().slice(0, 10);
        const [noted] = await evaluate(resource, exempt(policy, resource.urn, { expires }));
        const isStillToday = new Date().toISOString().startsWith(expires);
        expect([noted?.level, isStillToday]).to.deep.equal(["advisory", true]);
      });

      it("blocks a resource whose exemption has run out, and says so", async () => {
        const end = blocked.message.search(/\n.*, say why in a file /);
        const message = `${blocked.message.slice(0, end)}\nIts exemption ran out on ${PAST}: reviewed`;
        expect(await evaluate(resource, exempt(policy, resource.urn, { expires: PAST }))).to.deep.equal([
          { ...blocked, message },
        ]);
      });

      it("blocks what another resource, or another policy, is exempt from", async () => {
        expect(await evaluate(resource, exempt(policy, urn("other")))).to.deep.equal([blocked]);
        const others = Object.keys(OPEN).filter((name) => name !== policy);
        const config = Object.assign({}, ...others.map((name) => exempt(name, resource.urn))) as Record<
          string,
          PolicyConfiguration
        >;
        expect(await evaluate(resource, config)).to.deep.equal([blocked]);
      });

      it("blocks, and says why, where its configuration has a mistake", async () => {
        const config = exempt(policy, resource.urn, { until: FUTURE });
        const message =
          `The configuration of ${policy} is not valid:\n` +
          "  exemptions[0].until: unknown key; an exemption has urn, reason and expires";
        expect(await evaluate(resource, config)).to.deep.equal([
          { ...blocked, level: "mandatory", urn: "", message },
          blocked,
        ]);
      });

      it("blocks, whatever its level is, where a flag isn't known, and names those that are", async () => {
        const props = { exemptons: [], until: FUTURE };
        const known =
          policy === "s3-bucket-public-access-block"
            ? "acceptAccountPublicAccessBlock, contact and exemptions"
            : "contact and exemptions";
        const message = [
          `The configuration of ${policy} is not valid:`,
          `  exemptons: unknown key; this policy has ${known}; did you mean exemptions?`,
          `  until: unknown key; this policy has ${known}`,
        ].join("\n");
        expect(await evaluate(resource, { [policy]: { level: "advisory", props } })).to.deep.equal([
          { ...blocked, level: "mandatory", urn: "", message },
          { ...blocked, level: "advisory" },
        ]);
      });
    });
  }

  for (const [policy, resource] of Object.entries(UNEVALUATED)) {
    it(`of notes doesn't make a violation of one: ${policy}`, async () => {
      const [noted, ...others] = await evaluate(resource);
      expect(others).to.deep.equal([]);
      expect([noted?.policy, noted?.level, noted?.urn]).to.deep.equal([policy, "advisory", resource.urn]);
      expect(await evaluate(resource, { [policy]: { level: "mandatory" } })).to.deep.equal([noted]);
      expect(await evaluate(resource, { [policy]: { level: "advisory" } })).to.deep.equal([noted]);
      expect(await evaluate(resource, exempt(policy, resource.urn))).to.deep.equal([noted]);
      expect(await evaluate(resource, exempt(policy, resource.urn, { expires: PAST }))).to.deep.equal([
        noted,
      ]);
      expect(await evaluate(resource, { [policy]: { level: "disabled" } })).to.deep.equal([]);
    });
  }

  it("that fixes a resource is one of a bucket's blocks", async () => {
    await tester.pack.configure({ all: { level: "remediate" } });
    for (const [policy, resource] of Object.entries(OPEN)) {
      const fixed = (await tester.pack.remediate(resource)).map(({ policy }) => policy);
      // The first of the two leaves the second nothing to do.
      expect(fixed, policy).to.deep.equal(resource.type === BLOCK ? ["s3-public-access-block-flags"] : []);
    }
    await tester.pack.configure({});
  });
});
