import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { outputOf } from "../command";
import { readIfThere } from "../files";
import { workspace } from "../index";
import type { DataResource, Workspace } from "../index";
import { needsEngine } from "../needs-engine";
import { ROOT } from "../paths";

/** Files by their paths, the content of JSON files as values. */
type Files = Record<string, unknown>;

function write(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

/** A program with all that a program that is data can have, in code; same.yaml has it as data. */
const SAME_PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/aws/provider");
const { Bucket } = require("@pulumi/aws/s3/bucket");
const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
const one = new Bucket("one", { bucket: "name-of-one" });
const read = Bucket.get("read", "elsewhere");
const team = new pulumi.ComponentResource("test:index:Team", "team");
const provider = new Provider("ireland", { region: "eu-west-1" });
const two = new Bucket("two", { bucket: pulumi.interpolate\`\${one.bucket}-\${read.id}\`, tags: { a: pulumi.secret("x") } },
  { parent: team, provider, ignoreChanges: ["tags"] });
new BucketPublicAccessBlock("lock", { bucket: pulumi.all([two.id, one.id]).apply(([id]) => id), blockPublicAcls: true });
`;
const SAME_DATA = parse(readIfThere(join(ROOT, "test/harness/programs/same.yaml")) ?? "") as DataResource[];

/** A state without times, places in the program, ciphertexts, IDs by chance, and the properties that the AWS SDK gives providers. */
function withoutChance(state: unknown): unknown {
  const { deployment } = state as { deployment: { resources: { type: string; urn: string }[] } };
  const resources = deployment.resources
    .map((each) => (each.type.startsWith("pulumi:providers:") ? { urn: each.urn } : each))
    .sort((one, other) => one.urn.localeCompare(other.urn));
  const drop = /^(created|modified|sourcePosition|ciphertext|stackTrace)$/;
  const text = JSON.stringify(resources, (key, value: unknown) =>
    drop.test(key) ? undefined : Array.isArray(value) ? value.toSorted() : value,
  );
  return JSON.parse(text.replaceAll(/[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}/g, "ID"));
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
  async function project(options: object, files: Files, isInstalled = true): Promise<Workspace> {
    write(folder, { "Pulumi.yaml": { name: "p", runtime: { name: "nodejs", options } }, ...files });
    if (isInstalled) symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    stack = await workspace(folder);
    return stack;
  }

  const packages: Files = {
    "package.json": {
      ...{ name: "p", dependencies: { used: "file:used-1.0.0.tgz" } },
      devDependencies: { built: "file:built-2.0.0.tgz" },
    },
    "used/package.json": { name: "used", version: "1.0.0" },
    "built/package.json": { name: "built", version: "2.0.0" },
  };
  const absent = { name: "p", dependencies: { absent: "1.0.0" } };
  const none = "npm install reported success, but node_modules directory is missing";
  const installs: [title: string, files: Files, code: number, output: RegExp, installed: readonly string[]][] = [
    // Pulumi's own host doesn't know "production".
    [
      ...(["all dependencies, whatever the options ask for", packages, 0] as const),
      ...([/^Installing dependencies\.\.\.\n[^]*\nFinished installing dependencies\n/, ["built", "used"]] as const),
    ],
    [
      ...(["nothing, with npm's own words, when npm fails", { "package.json": absent }, 1] as const),
      ...([/ENOTCACHED[^]*^error: installing dependencies: exit status 1$/m, []] as const),
    ],
    ["nothing where npm leaves no folder", { "package.json": { name: "p" } }, 1, new RegExp(none), []],
  ];
  for (const [title, files, code, output, names] of installs) {
    it(`installs ${title}`, async () => {
      const { pulumi } = await project({ production: true }, files, false);
      if (code === 0) outputOf("npm", ["pack", "./used", "./built"], { cwd: folder });
      const cache = mkdtempSync(join(folder, "cache-"));
      const env = { npm_config_offline: "true", npm_config_audit: "false", npm_config_cache: cache };
      const ended = await pulumi(["install"], { env });
      expect(ended.code, ended.stderr).to.equal(code);
      expect(ended.stdout + ended.stderr).to.match(output);
      const installed = names.length > 0 ? readdirSync(join(folder, "node_modules")) : [];
      expect(installed.filter((name) => !name.startsWith("."))).to.deep.equal(names);
    });
  }

  it("says what to do when the Pulumi SDK of a program or a policy pack is not installed", async () => {
    const missing = "It looks like the Pulumi SDK has not been installed. Have you run";
    const { preview } = await project({}, { "index.js": "" }, false);
    const ended = await preview();
    expect([ended.code, ended.stdout.includes(`${missing} pulumi install?`)]).to.deep.equal([1, true]);
    await stack.remove();
    stack = await workspace("test/harness/programs/bucket");
    write(folder, { "PulumiPolicy.yaml": { runtime: "nodejs" } });
    const { code, stderr } = await stack.preview({ packs: [folder] });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^error: policy pack ".*" failed to start: could not read plugin \[.*\]: /m);
    expect(stderr).to.include(`: ${missing} npm install in ${folder}?`);
  });

  it("reports how a program has ended: by its exit code, or by a signal", async () => {
    const end = "process.env.END === 'exit' ? process.exit(3) : process.kill(process.pid, 'SIGKILL')";
    const { preview } = await project({}, { "index.js": end });
    for (const [END, code] of [["exit", "3"] as const, ["kill", "-1"] as const]) {
      const { stdout } = await preview({ env: { END } });
      expect(stdout).to.include(`Program exited with non-zero exit code: ${code}`);
    }
  });

  it("registers a program that is data as the SDK registers the same program", async () => {
    const { up } = await project({ typescript: false }, { "index.js": SAME_PROGRAM });
    const passed = async (operation: Workspace["up"]) => {
      const { code, stdout, stderr } = await operation();
      expect(code, stdout + stderr).to.equal(0);
    };
    await passed(up);
    const wanted = withoutChance(await stack.export());
    await stack.remove();
    stack = await workspace({ name: "p", resources: SAME_DATA });
    await passed(stack.preview);
    await passed(stack.up);
    expect(withoutChance(await stack.export())).to.deep.equal(wanted);
    await stack.write([{ type: "aws:s3/bucket:Bucket", name: "one", props: { bucket: "${absent.id}" } }]);
    const { code, stdout } = await stack.preview();
    expect([code, stdout.includes("no resource absent")]).to.deep.equal([1, true]);
  });

  it("lets a program use the parts of the SDK that are loaded late", async () => {
    const index = `const { runtime } = require("@pulumi/pulumi");
      exports.text = runtime.serializeFunction(() => 42).then(({ text }) => text.includes("42"));
      exports.paths = runtime.computeCodePaths().then((paths) => paths instanceof Map);`;
    const { preview } = await project({ typescript: false }, { ...packages, "index.js": index });
    const { code, stdout, stderr } = await preview();
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/paths *: true\n *\+? *text *: true/);
  });
});
