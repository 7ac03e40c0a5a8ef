import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { workspace, type DataResource, type OperationOptions, type Run, type Workspace } from "../harness/engine";
import { needsEngine } from "../harness/engine/needs-engine";
import { block, bucket, ON } from "../programs/resources";

const ROOT = path.resolve(__dirname, "../..");
const DATA = "urn:pulumi:dev::lifecycle::aws:s3/bucket:Bucket::data";
const LOCK = "urn:pulumi:dev::lifecycle::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::lock";

/** Level, logical name and first line of each violation. */
function found({ violations }: Run): string[][] {
  return violations
    .map(({ level, urn, message }) => [level, urn.split("::").slice(3).join("::"), message.split("\n")[0] ?? ""])
    .sort();
}

const NO_BLOCK = ["mandatory", "data", "Bucket 'data' can be opened to the public: no public access block targets it."];
const WEAK = [
  [
    "mandatory",
    "data",
    "Bucket 'data' can be opened to the public: public access block 'lock' doesn't have the four flags on.",
  ],
];

interface Variant {
  noBlock?: boolean;
  flagOff?: boolean;
  mayGo?: boolean;
  secret?: boolean;
  accountBlock?: boolean;
}

/** A bucket and its block. */
function program({ noBlock, flagOff, mayGo, secret, accountBlock }: Variant): DataResource[] {
  const named = (name: string): object => (secret ? { props: { bucket: { secret: `${name}-name` } } } : {});
  const change = { skipDestroy: !mayGo, ...(flagOff && { ignorePublicAcls: false }) };
  const type = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
  return [
    bucket("data", named("data")),
    ...(noBlock ? [] : [block("lock", "data", change)]),
    ...(secret ? [bucket("other", named("other")), block("otherLock", "other", { bucket: "${other.bucket}" })] : []),
    ...(accountBlock ? [{ type, name: "account", props: ON }] : []),
  ];
}

describe("A stack under the pack, with the real engine", function () {
  needsEngine();
  this.timeout(300_000);
  let stack: Workspace;
  let folder: string;
  before(async () => {
    stack = await workspace({ name: "lifecycle", resources: [] });
    folder = mkdtempSync(path.join(tmpdir(), "s3-public-access-block-"));
  });
  after(async () => {
    await stack.remove();
    rmSync(folder, { recursive: true });
  });

  const packs = [ROOT];

  type Given = OperationOptions & { of?: Variant };
  const preview = async ({ of = {}, ...options }: Given): Promise<Run> => {
    await stack.write(program(of));
    return stack.preview(options);
  };
  const up = async ({ of = {}, ...options }: Given): Promise<Run> => {
    await stack.write(program(of));
    return stack.up(options);
  };

  /** The pack's configuration, as a file for --policy-pack-config. */
  function config(content: unknown): { packs: string[]; configs: string[] } {
    const file = path.join(folder, `${readdirSync(folder).length}.json`);
    writeFileSync(file, JSON.stringify(content));
    return { packs, configs: [file] };
  }

  async function types(): Promise<string[]> {
    const { deployment } = (await stack.export()) as { deployment: { resources?: { type: string }[] } };
    return (deployment.resources ?? []).map(({ type }) => type).sort();
  }

  it("isn't made at all by an up that leaves a bucket open", async () => {
    await stack.write(program({ noBlock: true }));
    const run = await stack.pulumi(["up", "--yes", "--policy-pack", ROOT]);
    expect(run.code).to.not.equal(0);
    expect(run.stdout).to.include(NO_BLOCK[2]);
    expect((await types()).filter((type) => type.startsWith("aws:"))).to.deep.equal([]);
  });

  it("is blocked at its first preview where its block is made inside apply", async () => {
    const inApply = await workspace("lifecycle");
    const run = await inApply.preview({ packs });
    await inApply.remove();
    expect([run.code === 0, found(run)]).to.deep.equal([false, [NO_BLOCK]]);
  });

  it("passes with a note where its block has no skipDestroy, which remediate turns on", async () => {
    const of = { mayGo: true };
    const noted = [
      "advisory",
      "lock",
      "Public access block 'lock' has no skipDestroy: renamed or moved, it opens its bucket.",
    ];
    const run = await preview({ packs, of });
    expect([run.code, found(run)]).to.deep.equal([0, [noted]]);
    for (const policy of ["s3-public-access-block-flags", "s3-public-access-block-skip-destroy"]) {
      const remediated = await preview({ ...config({ [policy]: "remediate" }), of });
      expect([remediated.code, found(remediated)]).to.deep.equal([0, []]);
    }
  });

  it("is not passed without its block by an account-level block, unless the option says so", async () => {
    const of = { noBlock: true, accountBlock: true };
    expect(found(await preview({ packs, of }))).to.deep.equal([NO_BLOCK]);
    const accept = config({ "s3-bucket-public-access-block": { acceptAccountPublicAccessBlock: true } });
    const run = await preview({ ...accept, of });
    expect([run.code, found(run)]).to.deep.equal([0, []]);
  });

  it("says that --target leaves the block of a bucket out", async () => {
    const run = await preview({ packs, args: ["--target", DATA] });
    expect([run.code === 0, found(run)]).to.deep.equal([
      false,
      [
        [
          "mandatory",
          "data",
          "Bucket 'data' can be opened to the public: --target or --exclude leaves its public access block 'lock' out of this run.",
        ],
      ],
    ]);
    const both = await preview({ packs, args: ["--target", DATA, "--target", LOCK] });
    expect([both.code, found(both)]).to.deep.equal([0, []]);
  });

  it("is fixed at the enforcement level remediate", async () => {
    expect(found(await preview({ packs, of: { flagOff: true } }))).to.deep.equal(WEAK);
    const remediate = config({ "s3-public-access-block-flags": "remediate" });
    const shown = await preview({ ...remediate, of: { flagOff: true }, args: ["--show-policy-remediations"] });
    const line = shown.stdout.split("\n").find((each) => each.includes("[remediate]")) ?? "no remediation is shown";
    expect(readFileSync(path.join(ROOT, "docs/configuration.md"), "utf8")).to.include(line.trim());
    const run = await up({ ...remediate, of: { flagOff: true } });
    expect([run.code, found(run)]).to.deep.equal([0, []]);
    const { deployment } = (await stack.export()) as { deployment: { resources: { urn: string; outputs?: object }[] } };
    expect(deployment.resources.find(({ urn }) => urn === LOCK)?.outputs).to.include({ ignorePublicAcls: true });
  });

  it("passes an up that changes nothing", async () => {
    const run = await up({ packs });
    expect([run.code, found(run)]).to.deep.equal([0, []]);
    expect(run.stdout).to.match(/3 unchanged/);
  });

  it("is blocked when the program drops the block, or turns a flag off", async () => {
    expect(found(await preview({ packs, of: { noBlock: true } }))).to.deep.equal([NO_BLOCK]);
    expect(found(await preview({ packs, of: { flagOff: true } }))).to.deep.equal(WEAK);
  });

  it("is shown, and passes, at the level advisory", async () => {
    const run = await preview({ ...config({ all: "advisory" }), of: { noBlock: true } });
    expect([run.code, found(run)]).to.deep.equal([0, [["advisory", ...NO_BLOCK.slice(1)]]]);
  });

  it("passes with an exemption, which is shown with its reason and its last day", async () => {
    const exemptions = [
      { urn: "urn:pulumi:dev::lifecycle::**::data", reason: "static site, reviewed", expires: "2999-03-31" },
    ];
    const exempt = config({ "s3-bucket-public-access-block": { exemptions } });
    const run = await preview({ ...exempt, of: { noBlock: true } });
    expect([run.code, run.violations.map(({ level, message }) => [level, message])]).to.deep.equal([
      0,
      [["advisory", `Exempt until 2999-03-31: static site, reviewed\n${NO_BLOCK[2] ?? ""}`]],
    ]);
  });

  it("is blocked again when the exemption has run out, and says so", async () => {
    const exemptions = [{ urn: DATA, reason: "static site, reviewed", expires: "2020-03-31" }];
    const expired = config({ "s3-bucket-public-access-block": { exemptions } });
    const run = await preview({ ...expired, of: { noBlock: true } });
    expect([run.code === 0, found(run)]).to.deep.equal([false, [NO_BLOCK]]);
    expect(run.violations[0]?.message.split("\n").at(-1)).to.equal(
      "Its exemption ran out on 2020-03-31: static site, reviewed",
    );
  });

  const malformed: [string, object, RegExp][] = [
    ["no reason", { exemptions: [{ urn: DATA }] }, /exemptions\.0: reason is required/],
    [
      "an empty reason",
      { exemptions: [{ urn: DATA, reason: "" }] },
      /exemptions\.0\.reason: String length must be greater/,
    ],
    [
      "no day",
      { exemptions: [{ urn: DATA, reason: "r", expires: "2027-02-30" }] },
      /exemptions\.0\.expires: Does not match format 'date'/,
    ],
    [
      "an unknown key",
      { exemptions: [{ urn: DATA, reason: "r", until: "2027-01-01" }] },
      /exemptions\.0: Additional property until is not allowed/,
    ],
    ["no list", { exemptions: { urn: DATA } }, /exemptions: Invalid type/],
    [
      "an unknown option",
      { exemption: [] },
      /exemption: unknown key; this policy has acceptAccountPublicAccessBlock, contact and exemptions/,
    ],
  ];
  for (const [title, options, message] of malformed) {
    it(`is blocked by a configuration with ${title}, even if it is locked`, async () => {
      const run = await preview(config({ "s3-bucket-public-access-block": options }));
      expect(run.code).to.not.equal(0);
      expect(run.stdout + run.stderr).to.match(message);
    });
  }

  it("passes with one note where the configuration names a policy that there isn't, and a bucket by its name", async () => {
    const run = await preview(
      config({
        "s3-no-public-acls": "advisory",
        "s3-bucket-public-access-block": { exemptions: [{ urn: "data", reason: "reviewed" }] },
      }),
    );
    expect(run.code).to.equal(0);
    expect(run.violations.map(({ level, message }) => [level, ...message.split("\n")]).sort()).to.deep.equal([
      [
        "advisory",
        "The exemptions of s3-bucket-public-access-block need a look:",
        `  exemptions[0].urn: "data" isn't a URN; did you mean "${DATA}"?`,
      ],
      [
        "advisory",
        "The policy pack's configuration needs a look:",
        "  s3-no-public-acls: there is no such policy; did you mean s3-no-public-acl?",
      ],
    ]);
  });

  it("says whom to ask where the configuration of all policies does", async () => {
    const all = { enforcementLevel: "mandatory", contact: "#cloud-security" };
    const run = await preview({ ...config({ all }), of: { noBlock: true } });
    expect(run.code).to.not.equal(0);
    expect(run.stdout).to.match(/^ +Whom to ask: #cloud-security$/m);
  });

  it("passes pulumi policy analyze --file, and is blocked there without its block", async () => {
    const state = (await stack.export()) as { deployment: { resources: { urn: string }[] } };
    const file = path.join(folder, "state.json");
    const analyze = (): Promise<Run> => stack.pulumi(["policy", "analyze", "--file", file, "--policy-pack", ROOT]);
    writeFileSync(file, JSON.stringify(state));
    const locked = await analyze();
    expect(locked.code, locked.stdout + locked.stderr).to.equal(0);
    state.deployment.resources = state.deployment.resources.filter(({ urn }) => urn !== LOCK);
    writeFileSync(file, JSON.stringify(state));
    const open = await analyze();
    expect(open.code).to.not.equal(0);
    expect(open.stdout).to.include(NO_BLOCK[2]);
  });

  it("is evaluated by pulumi policy analyze also where the state has no inputs of the block", async () => {
    interface State {
      deployment: { resources: { urn: string; inputs?: object; outputs?: object }[] };
    }
    const state = (await stack.export()) as State;
    const file = path.join(folder, "outputs.json");
    const analyze = (outputs: object): Promise<Run> => {
      for (const resource of state.deployment.resources.filter(({ urn }) => urn === LOCK)) {
        resource.inputs = {};
        resource.outputs = { ...resource.outputs, ...outputs };
      }
      writeFileSync(file, JSON.stringify(state));
      return stack.pulumi(["policy", "analyze", "--file", file, "--policy-pack", ROOT]);
    };
    const locked = await analyze({});
    expect(locked.code, locked.stdout + locked.stderr).to.equal(0);
    const open = await analyze({ blockPublicPolicy: false });
    expect(open.code).to.not.equal(0);
    for (const [, , line = ""] of WEAK) expect(open.stdout.split(line).length).to.equal(2);
  });

  it("is not passed by secret names that pulumi policy analyze can't tell apart", async () => {
    const of = { secret: true };
    const made = await up({ packs, of });
    expect(made.code, made.stdout + made.stderr).to.equal(0);
    const state = (await stack.export()) as { deployment: { resources: { urn: string }[] } };
    const file = path.join(folder, "secret.json");
    const analyze = (): Promise<Run> =>
      stack.pulumi(["policy", "analyze", "--file", file, "--policy-pack", ROOT], {
        env: { PULUMI_CONFIG_PASSPHRASE: "" },
      });
    writeFileSync(file, JSON.stringify(state));
    expect((await analyze()).code).to.equal(0);
    state.deployment.resources = state.deployment.resources.filter(({ urn }) => urn !== LOCK);
    writeFileSync(file, JSON.stringify(state));
    const open = await analyze();
    expect(open.stdout).to.include(NO_BLOCK[2]);
    expect(open.code).to.not.equal(0);
  });
});
