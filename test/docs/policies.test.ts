import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import {
  boot,
  UNKNOWN,
  type Analyzer,
  type PackInfo,
  type Props,
  type Resource,
} from "../../harness/engine/analyzer";
import { block, bucket } from "../policypack/resources";
import { expectSection } from "./section";

const ROOT = path.resolve(__dirname, "../..");
const DOCUMENT = "docs/policies.md";

const of = (type: string, name: string, props: Props): Resource => bucket(name, { type, props });

/** For each policy, resources that show what it says. */
const EXAMPLES: Record<string, Resource[]> = {
  "s3-bucket-public-access-block": [bucket("data")],
  "s3-public-access-block-flags": [block("dataBlock", "data", {}, { restrictPublicBuckets: false })],
  "s3-public-access-block-skip-destroy": [block("dataBlock", "data", {}, { skipDestroy: false })],
  "s3-account-public-access-block": [
    of("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account", {
      ...{
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: UNKNOWN,
        restrictPublicBuckets: true,
      },
    }),
  ],
  "s3-access-point-public-access-block": [
    of("aws:s3/accessPoint:AccessPoint", "reports", {
      publicAccessBlockConfiguration: { blockPublicPolicy: false, restrictPublicBuckets: false },
    }),
  ],
  "s3-no-public-acl": [
    of("aws:s3/bucketAcl:BucketAcl", "dataAcl", { acl: "public-read" }),
    of("aws:s3/bucketAcl:BucketAcl", "logsAcl", { acl: UNKNOWN }),
  ],
  "s3-no-public-bucket-policy": [
    of("aws:s3/bucketPolicy:BucketPolicy", "dataPolicy", {
      policy: {
        Statement: [
          { Sid: "Read", Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
          {
            ...{ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:PutObject" },
            Condition: { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/upload" } },
          },
        ],
      },
    }),
    of("aws:s3/bucketPolicy:BucketPolicy", "logsPolicy", { policy: UNKNOWN }),
  ],
};

type Policy = PackInfo["policies"][number];

const settingsOf = ({ configSchema }: Policy): string[] => Object.keys(configSchema?.properties ?? {}).sort();

function table(policies: Policy[]): string {
  const rows = policies.map((policy) => {
    const { name, version, reference } = policy.framework ?? expect.fail();
    const settings = settingsOf(policy).map((setting) => `\`${setting}\``);
    return [
      ...[`\`${policy.name}\``, policy.description, policy.level, policy.severity],
      ...[`${name} ${version}: ${reference}`, settings.join(", ")],
    ];
  });
  const head = ["policy", "what it requires", "level", "severity", "framework", "settings"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function facts(policy: Policy, messages: string[]): string {
  const { level, severity, type, framework, tags, configSchema, remediationSteps, url } = policy;
  const controls = tags.flatMap((tag) => /^security-hub-(.+)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
  const settings = Object.entries(configSchema?.properties ?? {}).filter(([name]) => name !== "exemptions");
  const when =
    type === "stack"
      ? "the whole stack, at the end of a preview or an update"
      : "each resource, before it is made";
  return [
    `- Level ${level}, severity ${severity}. It judges ${when}.`,
    `- ${framework?.name ?? ""} ${framework?.version ?? ""}, ${framework?.reference ?? ""}: ${framework?.specification ?? ""}.`,
    `- Security Hub: ${controls.join(", ")}. [What AWS says](${url})`,
    ...settings.map(([name, schema]) => {
      const { default: value, description } = schema as { default: boolean; description: string };
      return `- Setting \`${name}\` (${value} by default): ${description}`;
    }),
    `- To fix: ${remediationSteps}`,
    ...messages.map((message) => `\n\`\`\`text\n${message}\n\`\`\``),
  ].join("\n");
}

describe("What is said of the policies", () => {
  let pack: Analyzer;
  let policies: Policy[];
  before(async () => {
    pack = await boot(ROOT);
    ({ policies } = await pack.info());
  });
  after(() => pack.close());

  it("is about all policies of the pack, in its order, and no other", () => {
    const headings = readFileSync(path.join(ROOT, DOCUMENT), "utf8").match(/^## .+$/gm);
    expect(headings).to.deep.equal(policies.map(({ name }) => `## ${name}`));
    expect(Object.keys(EXAMPLES)).to.deep.equal(policies.map(({ name }) => name));
  });

  for (const document of [DOCUMENT, "README.md"]) {
    it(`is the pack's own table, in ${document} (UPDATE_DOCS=true writes it)`, () =>
      expectSection(document, "policies", table(policies)));
  }

  for (const [name, resources] of Object.entries(EXAMPLES)) {
    it(`is what the pack tells of ${name} (UPDATE_DOCS=true writes it)`, async () => {
      const policy = policies.find((each) => each.name === name) ?? expect.fail();
      const messages = [];
      for (const resource of resources) {
        const found = [...(await pack.analyze(resource)), ...(await pack.analyzeStack([resource]))];
        expect(found.map((each) => [each.policy, each.urn])).to.deep.equal([[name, resource.urn]]);
        messages.push(...found.map(({ message }) => message));
      }
      await expectSection(DOCUMENT, name, facts(policy, messages));
    });
  }
});
