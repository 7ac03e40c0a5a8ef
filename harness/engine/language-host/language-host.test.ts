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
import type { Workspace } from "../index";
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

  it("runs a component that a plugin makes, whose output depends on the component and its children", async () => {
    stack = await workspace("harness/programs/remote");
    const { violations } = await stack.preview({ packs: [PACK] });
    expect(violations.filter(({ policy }) => policy === "stack").map(({ message }) => message)).to.deep.equal(
      ["Shows what a block depends on.\ndepends on models models"],
    );
  });
});
