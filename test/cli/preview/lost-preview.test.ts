import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gate, repository, type Outcome, type Repository } from "./gate";
import { GUESSED } from "../../../policypack/shared/languages";
import { needsEngine } from "../../../harness/engine/needs-engine";

const ROOT = join(__dirname, "../../..");
const BUCKET = "aws:s3/bucket:Bucket::data";
const LOST = "s3-public-access-block/s3-lost-public-access-block";

/** The mandatory findings of the log: place and policy, then the resource. */
function blocking({ stdout, code }: Outcome): unknown[] {
  const lines = stdout.split("\n");
  const found = lines.flatMap((line, at) =>
    /^- .*\[mandatory/.test(line)
      ? [`${line.slice(2)} ${lines[at + 1]?.replace("  | urn:pulumi:dev::shop::", "") ?? ""}`]
      : [],
  );
  return [code, ...found];
}

const lost = [1, `infra/index.js:18:16 [mandatory] ${LOST} ${BUCKET}`];

describe("the gate, on a preview that takes a block away", () => {
  needsEngine();
  let repo: Repository;

  beforeEach(async () => {
    repo = await repository("gate-lost", { packages: ["site"] });
  });
  afterEach(() => repo.remove());

  /** Deploys one form of the program, then previews another under the gate. */
  async function change(
    before: NodeJS.ProcessEnv,
    after: NodeJS.ProcessEnv,
    ...args: string[]
  ): Promise<Outcome> {
    const { code, stderr, stdout } = await repo.stack.up({ env: before });
    if (code !== 0) throw new Error(stderr + stdout);
    return gate(repo, ["--policy-pack", ROOT, ...args], { env: after });
  }

  const replace = [
    "--",
    "--replace",
    "urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::old",
  ];

  const blocked: Record<string, Parameters<typeof change>> = {
    "a rename without an alias": [{}, { BLOCKS: "new" }],
    "a rename without an alias of a bucket whose name is a secret": [
      { SECRET: "yes" },
      { SECRET: "yes", BLOCKS: "new" },
    ],
    "a move under a component": [{}, { PARENT: "site" }],
    "one of two blocks on one bucket that is dropped": [{ BLOCKS: "old,other" }, { BLOCKS: "other" }],
    "a replacement that deletes the old one last": [{}, {}, ...replace],
    "a skipDestroy that comes with the rename, too late": [{}, { BLOCKS: "new", SKIP: "yes" }],
  };
  for (const [what, [before, after, ...args]] of Object.entries(blocked)) {
    it(`blocks ${what}`, async () => {
      const outcome = await change(before, after, ...args);
      expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal(lost);
      expect(outcome.stdout).not.to.contain(GUESSED);
    });
  }

  it("blocks a bucket that stays in S3 when it is dropped together with its block", async () => {
    const outcome = await change({ RETAIN: "yes" }, { NO_BUCKET: "yes" });
    expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal([
      1,
      `[mandatory] ${LOST} ${BUCKET}`,
    ]);
  });

  it("blocks by every other road what it blocks by aws.s3", async () => {
    const outcome = await change({ NO_BUCKET: "yes", ROADS: "old" }, { NO_BUCKET: "yes", ROADS: "new" });
    const found = blocking(outcome).map((each) => String(each).replace(/^infra\/\S+ /, ""));
    expect(found.sort(), outcome.stdout + outcome.stderr).to.deep.equal([
      "1",
      ...[
        "aws:cloudcontrol/resource:Resource::control",
        "aws:cloudformation/stack:Stack::stack#/Resources/Data",
        "aws:index/s3Bucket:S3Bucket::bridged",
        "site:tf:aws_s3_bucket::module.site.aws_s3_bucket.this",
      ].map((urn) => `[mandatory] ${LOST} ${urn}`),
    ]);
  });

  it("blocks one of two blocks on one account that is dropped", async () => {
    const outcome = await change({ ACCOUNTS: "one,two" }, { ACCOUNTS: "two" });
    expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal([
      1,
      `infra/index.js:53:3 [mandatory] ${LOST} aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock::two`,
    ]);
  });

  for (const [form, pack] of [
    ["a folder", ROOT],
    ["an executable", join(ROOT, "dist/policypack/index.js")],
  ] as const) {
    it(`passes a loss that the configuration of the pack exempts, which is given as ${form}`, async () => {
      const exemption = { urn: `urn:pulumi:dev::shop::${BUCKET}`, reason: "goes public on Monday" };
      const config = { "s3-bucket-public-access-block": { exemptions: [exemption] } };
      writeFileSync(join(repo.root, "policy.json"), JSON.stringify(config));
      expect((await repo.stack.up()).code).to.equal(0);
      const args = ["--policy-pack", pack, "--policy-pack-config", "policy.json"];
      const outcome = await gate(repo, args, { env: { BLOCKS: "new" } });
      expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal([0]);
      expect(outcome.stdout).to.contain(`[advisory, exempt] ${LOST}`);
    });
  }

  it("says once that the bucket's only block is dropped", async () => {
    const outcome = await change({}, { BLOCKS: "" });
    expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal([
      1,
      `infra/index.js:18:16 [mandatory] s3-public-access-block/s3-bucket-public-access-block ${BUCKET}`,
    ]);
  });

  const passed: Record<string, Parameters<typeof change>> = {
    "a rename with an alias": [{}, { BLOCKS: "new", ALIAS: '[{"name": "old"}]' }],
    "a move with an alias": [
      {},
      {
        PARENT: "site",
        ALIAS: '["urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::old"]',
      },
    ],
    "a rename of a block that had skipDestroy before": [{ SKIP: "yes" }, { BLOCKS: "new" }],
    "a bucket and its block that go together": [{}, { NO_BUCKET: "yes" }],
    "a replacement that deletes the old one first": [
      { DELETE_FIRST: "yes" },
      { DELETE_FIRST: "yes" },
      ...replace,
    ],
    "a replacement that deletes the old one first, of a bucket whose name is a secret": [
      { DELETE_FIRST: "yes", SECRET: "yes" },
      { DELETE_FIRST: "yes", SECRET: "yes" },
      ...replace,
    ],
    "a bucket and its block that are both replaced": [{}, { NAME: "other-data" }],
    "a bucket and its block that are both replaced under the same name": [{}, { REGION: "eu-west-1" }],
    "nothing that changes": [{}, {}],
  };
  for (const [what, [before, after, ...args]] of Object.entries(passed)) {
    it(`passes ${what}`, async () => {
      const outcome = await change(before, after, ...args);
      expect(blocking(outcome), outcome.stdout + outcome.stderr).to.deep.equal([0]);
    });
  }
});
