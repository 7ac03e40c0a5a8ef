import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { UNKNOWN, type PolicyConfiguration, type Props, type Resource } from "../../harness/engine/analyzer";
import { ROOT } from "../../harness/engine/paths";
import { PolicyTester } from "../../harness/policy-tester";
import { casesOf } from "../cases";
import { ON, provider, resource, template, urn } from "../resources";

/* What test/testdata can't say: many resources, what the engine asks nothing about, and what the documents promise. */

const BUCKET_RULE = "s3-bucket-public-access-block";

describe("A road to a bucket", () => {
  const tester = new PolicyTester(ROOT);

  /** The level and the first line of each finding on a stack. */
  async function heads(...resources: Resource[]): Promise<string[]> {
    const found = await tester.pack.analyzeStack(resources);
    return found.map(({ level, message }) => `${level}: ${message.split("\n", 1)[0] ?? ""}`);
  }

  /** A resource in a Terraform module, by its address. */
  const inModule = (address: string, props: Props): Resource => {
    const type = `site:tf:${/(aws_\w+)\.[^.]+$/.exec(address)?.[1] ?? ""}`;
    return { ...resource(type, props, address), provider: provider({}, "site") };
  };
  const on = Object.fromEntries(
    Object.keys(ON).map((flag) => [flag.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`), true]),
  );

  it("may be locked by the block that is called alike, which nothing proves, and by none of the 1,999 others", async () => {
    const at = (type: string, number: number): string => `module.site.${type}.this[${number}]`;
    const many = Array.from({ length: 2000 }, (_, number) => [
      inModule(at("aws_s3_bucket", number), { bucket: UNKNOWN }),
      inModule(at("aws_s3_bucket_public_access_block", number), { bucket: UNKNOWN, ...on }),
    ]);
    const found = await heads(...many.flat());
    expect(found).to.have.length(2000);
    expect(found).to.include(
      `mandatory: Bucket '${at("aws_s3_bucket", 7)}' can be opened to the public: it can't be verified that public access block '${at("aws_s3_bucket_public_access_block", 7)}' targets it.`,
    );
  });

  it("is a violation where a template is nested too deep", async () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    expect(
      await heads(template(`{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Tags":${deep}}}}}`)),
    ).to.deep.equal(["mandatory: The template of 'it' can't be read, so it may open a bucket: it is nested too deep."]);
  });

  const RECIPES = readFileSync(join(ROOT, "docs/recipes.md"), "utf8");

  /** Exemptions by the pattern that docs/recipes.md has for a package, with NAME filled in. */
  function exempting(cell: string, name: string, policies: readonly string[]): Record<string, PolicyConfiguration> {
    const row = RECIPES.split(/^(?=- |#)/m).find((item) => item.startsWith("- ") && item.includes(cell)) ?? "";
    const patterns = [...row.matchAll(/`(\*\*::[^`]+)`/g)].map(([, pattern = ""]) => pattern);
    expect(patterns, cell).to.have.length(1);
    const exemptions = patterns.map((each) => ({ urn: each.replace("NAME", name), reason: "reviewed" }));
    return Object.fromEntries(policies.map((policy) => [policy, { props: { exemptions } }]));
  }

  it("passes by the pattern that a page gives for the component it is in", async () => {
    const rest = ["s3-public-access-block-flags", "s3-no-public-acl", "s3-no-public-bucket-policy"];
    for (const [cell, name, title, left] of [
      ["`sst.aws.Bucket`", "Uploads", "packages: SST's bucket that is public", 0],
      ["`sst.aws.Bucket`", "Other", "packages: SST's bucket that is public", 2],
      ["`@pulumi/aws-static-website`", "", "packages: a static website, by bucket and by object", 0],
    ] as const) {
      const { inputs } = casesOf("blocked").get(title)?.[0] ?? { inputs: [] };
      expect(inputs, title).to.not.deep.equal([]);
      await tester.configured(exempting(cell, name, [BUCKET_RULE, ...rest]), async () => {
        const found = await tester.found(...inputs);
        expect(
          found.filter(({ level }) => level === "mandatory"),
          `${title} ${name}`,
        ).to.have.length(left);
      });
    }
  });

  it("is one finding where it is a synced folder of 300 objects, and one note by the page's pattern", async () => {
    const type = "synced-folder:index:S3BucketFolder";
    const found = async (): Promise<string[]> => {
      const objects = Array.from({ length: 300 }, (_, at): Resource => {
        const name = `files-${at}.html`;
        const object = resource("aws:s3/bucketObject:BucketObject", { bucket: "site", acl: "public-read" });
        return { ...{ ...object, name, urn: urn(name, `${type}$${object.type}`) }, parent: urn("files", type) };
      });
      return (await tester.found(...objects)).map(
        ({ level, policy, urn: at }) => `${level} ${policy}: ${at.split("::").at(-1) ?? ""}`,
      );
    };
    const RULE = "s3-no-public-folder";
    expect(await found()).to.deep.equal([`mandatory ${RULE}: files`]);
    await tester.configured(exempting("`@pulumi/synced-folder`", "files", [RULE]), async () => {
      expect(await found()).to.deep.equal([`advisory ${RULE}: files`]);
    });
  });
});
