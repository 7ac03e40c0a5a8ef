import { expect } from "chai";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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
      dependencies: { used: "file:used" },
      devDependencies: { built: "file:built" },
    },
    "used/package.json": { name: "used", version: "1.0.0" },
    "built/package.json": { name: "built", version: "2.0.0" },
  };
  const installed = () => readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));

  it("installs all dependencies, and tells which they are", async () => {
    const { pulumi } = await project({}, packages);
    expect((await pulumi(["install"], { env: OFFLINE })).code).to.equal(0);
    expect(installed()).to.deep.equal(["built", "used"]);
    const about = JSON.parse((await pulumi(["about", "--json"])).stdout) as { dependencies: unknown };
    expect(about.dependencies).to.deep.equal([
      { name: "built", version: "2.0.0" },
      { name: "used", version: "1.0.0" },
    ]);
  });

  it("installs no development dependencies in production", async () => {
    const { pulumi } = await project({ production: true }, packages);
    expect((await pulumi(["install"], { env: OFFLINE })).code).to.equal(0);
    expect(installed()).to.deep.equal(["used"]);
  });

  it("fails with npm's own words when npm does", async () => {
    const { pulumi } = await project({}, { "package.json": "{" });
    const { code, stderr } = await pulumi(["install"], { env: OFFLINE });
    expect(code).to.equal(1);
    expect(stderr)
      .to.include("EJSONPARSE")
      .and.to.include(`npm install --loglevel=error failed in ${folder} with exit code 1`);
  });

  it("says what to do when a program's Pulumi SDK is not installed", async () => {
    const { preview } = await project({}, { "index.js": "" });
    const { code, stdout } = await preview();
    expect(code).to.equal(1);
    expect(stdout).to.include(`The Pulumi SDK is not installed in ${folder}; run npm install`);
  });

  it("lets the engine say what to do when a policy pack's Pulumi SDK is not installed", async () => {
    stack = await workspace("harness/programs/bucket");
    write(folder, { "PulumiPolicy.yaml": { runtime: "nodejs" } });
    const { code, stderr } = await stack.preview({ packs: [folder] });
    expect(code).to.equal(1);
    expect(stderr).to.include(`try running npm install or yarn install in "${folder}"`);
  });

  it("runs a component that a plugin makes, whose output depends on the component and its children", async () => {
    stack = await workspace("harness/programs/remote");
    const { violations } = await stack.preview({ packs: [PACK] });
    expect(violations.filter(({ policy }) => policy === "stack").map(({ message }) => message)).to.deep.equal(
      ["Shows what a block depends on.\ndepends on models models"],
    );
  });
});
