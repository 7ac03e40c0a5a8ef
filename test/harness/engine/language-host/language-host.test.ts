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

interface Install {
  files: Files;
  code: number;
  output: string;
  installed: readonly string[];
}
const { same, installs } = parse(readIfThere(join(__dirname, "language-host.yaml")) ?? "") as {
  same: { code: string; data: DataResource[] };
  installs: Record<string, Install>;
};

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

  for (const [title, { files, code, output, installed: names }] of Object.entries(installs)) {
    it(`installs ${title}`, async () => {
      const { pulumi } = await project({ production: true }, files, false);
      if (code === 0) outputOf("npm", ["pack", "./used", "./built"], { cwd: folder });
      const cache = mkdtempSync(join(folder, "cache-"));
      const env = { npm_config_offline: "true", npm_config_audit: "false", npm_config_cache: cache };
      const ended = await pulumi(["install"], { env });
      expect(ended.code, ended.stderr).to.equal(code);
      expect(ended.stdout + ended.stderr).to.match(new RegExp(output, "m"));
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
    const { up } = await project({ typescript: false }, { "index.js": same.code });
    const passed = async (operation: Workspace["up"]) => {
      const { code, stdout, stderr } = await operation();
      expect(code, stdout + stderr).to.equal(0);
    };
    await passed(up);
    const wanted = withoutChance(await stack.export());
    await stack.remove();
    stack = await workspace({ name: "p", resources: same.data });
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
    const { preview } = await project({ typescript: false }, { "package.json": { name: "p" }, "index.js": index });
    const { code, stdout, stderr } = await preview();
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/paths *: true\n *\+? *text *: true/);
  });
});
