import { expect } from "chai";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { outputOf } from "../command";
import { workspace } from "../index";
import type { DataResource, Workspace } from "../index";
import { ROOT } from "../paths";
import { needsEngine } from "../needs-engine";

const PACK = join(ROOT, "harness/programs/pack");
const OFFLINE = { npm_config_offline: "true", npm_config_audit: "false" };

/** Files by their paths, the content of JSON files as values. */
type Files = Record<string, unknown>;

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** A program with all that a program that is data can have, once in code and once as data. */
const SAME_PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const one = new Bucket("one", { bucket: "name-of-one" }, { protect: false, retainOnDelete: true });
const read = Bucket.get("read", "elsewhere");
const team = new pulumi.ComponentResource("test:index:Team", "team");
const provider = new Provider("ireland", { region: "eu-west-1" });
const two = new Bucket("two", { bucket: pulumi.interpolate\`\${one.bucket}-\${read.id}\`, tags: { a: pulumi.secret("x") } },
  { parent: team, provider, dependsOn: [one], ignoreChanges: ["tags"], aliases: [{ name: "old" }] });
new BucketPublicAccessBlock("lock", { bucket: pulumi.all([two.id, one.id]).apply(([id]) => id), blockPublicAcls: true },
  { deleteBeforeReplace: true });
`;
const SAME_DATA: DataResource[] = [
  {
    ...{ type: "aws:s3/bucket:Bucket", name: "one", props: { bucket: "name-of-one" } },
    options: { protect: false, retainOnDelete: true },
  },
  { type: "aws:s3/bucket:Bucket", name: "read", read: "elsewhere" },
  { type: "test:index:Team", name: "team", component: true },
  { type: "pulumi:providers:aws", name: "ireland", props: { region: "eu-west-1" } },
  {
    ...{ type: "aws:s3/bucket:Bucket", name: "two", parent: "team", provider: "ireland", dependsOn: ["one"] },
    props: { bucket: "${one.bucket}-${read.id}", tags: { a: { secret: "x" } } },
    options: { ignoreChanges: ["tags"], aliases: [{ name: "old" }] },
  },
  {
    ...{ type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name: "lock" },
    props: { bucket: "${two.id}", blockPublicAcls: true },
    from: { bucket: ["one"] },
    options: { deleteBeforeReplace: true },
  },
];

const byUrn = (one: unknown, other: unknown): number =>
  ((one as { urn?: string }).urn ?? String(one)).localeCompare(
    (other as { urn?: string }).urn ?? String(other),
  );

/** A state without times, places in the program, ciphertexts, IDs by chance, and the properties that the AWS SDK gives providers. */
function withoutChance(state: unknown): unknown {
  const { deployment } = state as { deployment: { resources: { type: string; urn: string }[] } };
  const resources = deployment.resources.map((each) =>
    each.type.startsWith("pulumi:providers:") ? { urn: each.urn } : each,
  );
  const drop = /^(created|modified|sourcePosition|ciphertext|stackTrace)$/;
  const text = JSON.stringify(resources, (key, value: unknown) =>
    drop.test(key) ? undefined : Array.isArray(value) ? value.toSorted(byUrn) : value,
  );
  const ids = /[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/g;
  return JSON.parse(text.replaceAll(ids, "ID"));
}

describe("The language host", () => {
  needsEngine();
  let folder: string;
  let stack: Workspace;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), "program-")))));
  afterEach(async () => {
    await stack.remove();
    rmSync(folder, { recursive: true });
  });

  /** A project outside this one, with these files besides Pulumi.yaml. */
  async function project(options: object, files: Files): Promise<Workspace> {
    write(folder, { "Pulumi.yaml": { name: "p", runtime: { name: "nodejs", options } }, ...files });
    stack = await workspace(folder);
    return stack;
  }

  const packages: Files = {
    "package.json": {
      name: "p",
      version: "1.0.0",
      dependencies: { used: "file:used-1.0.0.tgz" },
      devDependencies: { built: "file:built-2.0.0.tgz" },
    },
    "used/package.json": { name: "used", version: "1.0.0" },
    "built/package.json": { name: "built", version: "2.0.0" },
  };
  const installed = () => readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));

  // Whatever the options ask for: Pulumi's own host doesn't know "production".
  for (const options of [{}, { production: true }]) {
    it(`installs all dependencies with the options ${JSON.stringify(options)}, and tells which they are`, async () => {
      const { pulumi } = await project(options, packages);
      outputOf("npm", ["pack", "./used", "./built"], { cwd: folder });
      const { code, stdout } = await pulumi(["install"], { env: OFFLINE });
      expect(code).to.equal(0);
      expect(stdout).to.match(/^Installing dependencies\.\.\.\n[^]*\nFinished installing dependencies\n/);
      expect(installed()).to.deep.equal(["built", "used"]);
      const about = JSON.parse((await pulumi(["about", "--json"])).stdout) as { dependencies: unknown };
      expect(about.dependencies).to.have.deep.members([
        { name: "built", version: "2.0.0" },
        { name: "used", version: "1.0.0" },
      ]);
    });
  }

  it("fails with npm's own words when npm does", async () => {
    const { pulumi } = await project(
      {},
      { "package.json": { name: "p", dependencies: { absent: "1.0.0" } } },
    );
    const { code, stderr } = await pulumi(["install"], { env: { ...OFFLINE, npm_config_cache: folder } });
    expect(code).to.equal(1);
    expect(stderr)
      .to.include("ENOTCACHED")
      .and.to.match(/^error: installing dependencies: exit status 1$/m);
  });

  it("fails when npm leaves no node_modules folder", async () => {
    const { pulumi } = await project({}, { "package.json": { name: "p" } });
    const { code, stderr } = await pulumi(["install"], { env: OFFLINE });
    expect(code).to.equal(1);
    expect(stderr).to.include("npm install reported success, but node_modules directory is missing");
  });

  it("says what to do when a program's Pulumi SDK is not installed", async () => {
    const { preview } = await project({}, { "index.js": "" });
    const { code, stdout } = await preview();
    expect(code).to.equal(1);
    expect(stdout).to.include(
      "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
    );
  });

  it("says what to do when a policy pack's Pulumi SDK is not installed", async () => {
    stack = await workspace("harness/programs/bucket");
    write(folder, { "PulumiPolicy.yaml": { runtime: "nodejs" } });
    const { code, stderr } = await stack.preview({ packs: [folder] });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: policy pack ".*" failed to start: could not read plugin \[.*\]: /m);
    expect(stderr).to.include(
      `: It looks like the Pulumi SDK has not been installed. Have you run npm install in ${folder}?`,
    );
  });

  for (const [end, code] of [
    ["process.exit(3)", 3],
    ['process.kill(process.pid, "SIGKILL")', -1],
  ] as const) {
    it(`tells how a program has ended by ${end}`, async () => {
      const { preview } = await project({}, { "index.js": end });
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
      const { stdout } = await preview();
      expect(stdout).to.include(`Program exited with non-zero exit code: ${String(code)}`);
    });
  }

  it("registers a program that is data as the SDK registers the same program", async () => {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const { up } = await project({ typescript: false }, { "index.js": SAME_PROGRAM });
    const states: unknown[] = [];
    const run = await up();
    expect(run.code, run.stdout + run.stderr).to.equal(0);
    states.push(withoutChance(await stack.export()));
    await stack.remove();
    stack = await workspace({ name: "p", resources: SAME_DATA });
    for (const operation of [stack.preview, stack.up]) {
      const { code, stdout, stderr } = await operation();
      expect(code, stdout + stderr).to.equal(0);
    }
    states.push(withoutChance(await stack.export()));
    expect(states[1]).to.deep.equal(states[0]);
    await stack.write([{ type: "aws:s3/bucket:Bucket", name: "one", props: { bucket: "${absent.id}" } }]);
    const failed = await stack.preview();
    expect([failed.code, failed.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes("no resource absent"),
    );
  });

  it("lets a program use the parts of the SDK that are loaded late", async () => {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const index = `const { runtime } = require("@pulumi/pulumi");
      exports.text = runtime.serializeFunction(() => 42).then(({ text }) => text.includes("42"));
      exports.paths = runtime.computeCodePaths().then((paths) => paths instanceof Map);`;
    const { preview } = await project({ typescript: false }, { ...packages, "index.js": index });
    const { code, stdout, stderr } = await preview();
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout)
      .to.match(/paths *: true/)
      .and.to.match(/text *: true/);
  });

  it("runs a component that a plugin makes, whose output depends on the component and its children", async () => {
    stack = await workspace("harness/programs/remote");
    const { violations } = await stack.preview({ packs: [PACK] });
    expect(violations.filter(({ policy }) => policy === "stack").map(({ message }) => message)).to.deep.equal(
      ["Shows what a block depends on.\ndepends on models models"],
    );
  });
});
