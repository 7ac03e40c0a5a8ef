import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { workspace, type DataResource, type Run, type Workspace } from "../harness/engine";
import { needsEngine } from "../harness/engine/needs-engine";
import { ROOT } from "../harness/engine/paths";
import { tempFolder } from "../temp-folder";

const DATA = "urn:pulumi:dev::lifecycle::aws:s3/bucket:Bucket::data";
const LOCK = "urn:pulumi:dev::lifecycle::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::lock";
const NO_BLOCK = "Bucket 'data' can be opened to the public: no public access block targets it.";

interface Step {
  readonly new?: boolean;
  readonly of?: readonly string[];
  readonly config?: object;
  readonly args?: string[];
  readonly up?: boolean;
  readonly finds?: readonly string[];
  readonly prints?: string;
  readonly unmade?: string;
}

const TEXT = readFileSync(path.join(ROOT, "test/testdata/lifecycle.yaml"), "utf8");
const { resources: RESOURCES, steps: STEPS } = parse(TEXT.replaceAll("$DATA", DATA).replaceAll("$LOCK", LOCK), {
  merge: true,
}) as { resources: Record<string, Omit<DataResource, "name">>; steps: Record<string, Step[]> };

const program = (of: readonly string[]): DataResource[] =>
  of.map((name) => ({ name, ...(RESOURCES[name] ?? expect.fail(`lifecycle.yaml has no resource ${name}`)) }));

interface State {
  deployment: { resources: { type: string; urn: string; inputs?: object; outputs?: object }[] };
}

describe("A stack under the pack, with the real engine", function () {
  needsEngine();
  this.timeout(300_000);
  const folder = tempFolder("lifecycle");
  let stack: Workspace;
  const begin = async (): Promise<void> => {
    stack = await workspace({ name: "lifecycle", resources: [] });
  };
  before(begin);
  after(() => stack.remove());

  async function run({ new: isNew = false, of = ["data", "lock"], config, args = [], up = false }: Step): Promise<Run> {
    if (isNew) await stack.remove().then(begin);
    await stack.write(program(of));
    const file = path.join(folder, "configuration.json");
    writeFileSync(file, JSON.stringify(config ?? {}));
    const options = { packs: [ROOT], configs: config === undefined ? [] : [file], args };
    return up ? stack.up(options) : stack.preview(options);
  }

  const state = async (): Promise<State> => (await stack.export()) as State;

  /** What `pulumi policy analyze` says of a state. */
  async function analyze(content: State): Promise<Run> {
    const file = path.join(folder, "state.json");
    writeFileSync(file, JSON.stringify(content));
    const env = { PULUMI_CONFIG_PASSPHRASE: "" };
    return stack.pulumi(["policy", "analyze", "--file", file, "--policy-pack", ROOT], { env });
  }
  type Resources = State["deployment"]["resources"];
  const changed = ({ deployment, ...rest }: State, change: (resources: Resources) => Resources): State => ({
    ...rest,
    deployment: { ...deployment, resources: change(deployment.resources) },
  });
  const withoutBlock = (made: State): State => changed(made, (all) => all.filter(({ urn }) => urn !== LOCK));

  it("isn't made at all by an up that leaves a bucket open", async () => {
    await stack.write(program(["data"]));
    const { code, stdout } = await stack.pulumi(["up", "--yes", "--policy-pack", ROOT]);
    expect(code).to.not.equal(0);
    expect(stdout).to.include(NO_BLOCK);
    const { deployment } = (await stack.export()) as { deployment: { resources?: Resources } | null };
    expect((deployment?.resources ?? []).filter(({ type }) => type.startsWith("aws:"))).to.deep.equal([]);
  });

  it("is blocked at its first preview where its block is made inside apply", async () => {
    const inApply = await workspace("lifecycle");
    const { code, violations } = await inApply.preview({ packs: [ROOT] });
    await inApply.remove();
    expect(code).to.not.equal(0);
    expect(violations.map(({ message }) => message.split("\n", 1)[0])).to.deep.equal([NO_BLOCK]);
  });

  for (const [title, steps] of Object.entries(STEPS))
    it(title, async () => {
      for (const step of steps) {
        const { code, stdout, stderr, violations } = await run(step);
        const { finds = [], prints, unmade = "" } = step;
        const found = violations.map(
          ({ level, urn, message }) => `${level} ${urn.split("::").at(-1) ?? ""} ${message}`,
        );
        if (prints !== undefined) expect(stdout + stderr).to.match(new RegExp(prints));
        else {
          const heads = found.sort().map((text, at) => text.split("\n").slice(0, finds[at]?.split("\n").length ?? 1));
          expect(heads.map((lines) => lines.join("\n"))).to.deep.equal([...finds].sort());
        }
        const isBlocked = prints !== undefined || finds.some((each) => each.startsWith("mandatory"));
        expect(code !== 0, stdout + stderr).to.equal(isBlocked);
        if (unmade !== "")
          expect(JSON.stringify(await state()))
            .to.include("::data")
            .and.not.to.include(`::${unmade}`);
      }
    });

  it("has in its state what remediate has turned on, and the CLI shows it as the page on the configuration does", async () => {
    const of = ["data", "weak"];
    const config = { "s3-public-access-block-flags": "remediate" };
    const { stdout } = await run({ of, config, args: ["--show-policy-remediations"] });
    const line = stdout.split("\n").find((each) => each.includes("[remediate]")) ?? "no remediation is shown";
    expect(readFileSync(path.join(ROOT, "docs/configuration.md"), "utf8")).to.include(line.trim());
    await run({ of, config, up: true });
    const { resources } = (await state()).deployment;
    expect(resources.find(({ urn }) => urn === LOCK)?.outputs).to.include({ ignorePublicAcls: true });
    expect((await run({ up: true })).stdout).to.match(/3 unchanged/);
  });

  it("passes pulumi policy analyze --file, and is blocked there without its block", async () => {
    const made = await state();
    const locked = await analyze(made);
    expect(locked.code, locked.stdout + locked.stderr).to.equal(0);
    const open = await analyze(withoutBlock(made));
    expect(open.code).to.not.equal(0);
    expect(open.stdout).to.include(NO_BLOCK);
  });

  it("is evaluated by pulumi policy analyze also where the state has no inputs of the block", async () => {
    const made = await state();
    const withOutputs = (outputs: object): Promise<Run> => {
      const bare = (each: Resources[0]): Resources[0] => {
        return each.urn === LOCK ? { ...each, inputs: {}, outputs: { ...each.outputs, ...outputs } } : each;
      };
      return analyze(changed(made, (all) => all.map(bare)));
    };
    const locked = await withOutputs({});
    expect(locked.code, locked.stdout + locked.stderr).to.equal(0);
    const open = await withOutputs({ blockPublicPolicy: false });
    expect(open.code).to.not.equal(0);
    expect(open.stdout.match(/public access block 'lock' doesn't have the four flags on\./g)).to.have.length(1);
  });

  it("is not passed by secret names that pulumi policy analyze can't tell apart", async () => {
    const { code, stdout, stderr } = await run({ of: ["secret", "secretLock", "other", "otherLock"], up: true });
    expect(code, stdout + stderr).to.equal(0);
    const made = await state();
    expect((await analyze(made)).code).to.equal(0);
    const open = await analyze(withoutBlock(made));
    expect(open.stdout).to.include(NO_BLOCK);
    expect(open.code).to.not.equal(0);
  });
});
