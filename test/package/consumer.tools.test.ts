import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { expect } from "chai";

import { integrityOf, type OwnRegistry, registryOfOne } from "../harness/cloud/registry";
import { engine, type OperationOptions, type Workspace, workspace } from "../harness/engine";
import { CACHE as ENGINE_CACHE } from "../harness/engine/paths";
import { CACHE, filesIn, nodeFolder, npm, pack, PACK_FOLDER, packAs } from "./pack";
import { managed, PACKAGE_MANAGERS } from "./package-managers";
import { needsEngine } from "../harness/engine/needs-engine";
import { tempFolder } from "../temp-folder";
import { testdata } from "../testdata";

const { consumer } = testdata("programs.yaml") as { consumer: string };
const PACK = "s3-public-access-block";
const SCOPED = `@acme/${PACK}`;
/** Older than the one that the pack is made with, and of a range that a newer one would satisfy. */
const OWN_SDK = "3.248.0";
const MB = 1_000_000;

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** The versions of the packages in a project, by their paths. */
function installed(project: string): Record<string, string> {
  const lock = json(join(project, "node_modules/.package-lock.json")) as {
    packages: Record<string, { version: string }>;
  };
  return Object.fromEntries(Object.entries(lock.packages).map(([path, { version }]) => [path, version]));
}

/**
 * An environment in which the engine runs programs and packs on another Node.js, and the versions that have run policy packs so far.
 * @param version of the npm package that holds Node.js, "22" for the newest 22
 */
async function onNode(version: string) {
  const bin = await nodeFolder(version);
  const folder = join(CACHE, `on-node-${version}`);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "seen.txt");
  writeFileSync(log, "");
  const witness = join(folder, "witness.cjs");
  writeFileSync(
    witness,
    `if (process.argv[1]?.includes("run-policy-pack"))
       require("node:fs").appendFileSync(${JSON.stringify(log)}, process.version + "\\n");\n`,
  );
  // Our language host runs on the Node.js that it is started with; Pulumi's own takes the one on PATH.
  const { env } = await engine();
  writeFileSync(
    join(folder, "pulumi-language-nodejs"),
    `#!/bin/sh\nexec '${join(bin, "node")}' '${join(ENGINE_CACHE, "plugins/language-host.js")}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    env: { PATH: [folder, bin, env.PATH].join(delimiter), NODE_OPTIONS: `--require=${JSON.stringify(witness)}` },
    seen: (): string[] => readFileSync(log, "utf8").split("\n").filter(Boolean),
  };
}

// All outside the repository, whose node_modules would make up for what is missing.
describe("The tarball as an npm package, in a project of its own", function () {
  needsEngine();
  // A cold install of the project's own SDK on a busy machine takes a minute.
  this.timeout(300_000);

  let home: string;
  let program: string;
  let stack: Workspace;
  /** What the project has without the pack. */
  let alone: Record<string, string>;
  let tarball: string;
  let registry: OwnRegistry;

  before(async () => {
    home = tempFolder("consumer");
    program = project("program");
    writeFileSync(join(program, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(join(program, "index.js"), consumer);
    await npm(["install", "--no-audit", "--no-fund", `@pulumi/pulumi@${OWN_SDK}`], program);
    alone = installed(program);
    await npm(["install", "--no-audit", "--no-fund", "--save-dev", (await pack()).tarball], program);
    stack = await workspace(program);
    tarball = await packAs(SCOPED);
    registry = await registryOfOne(tarball);
  });

  after(async () => {
    registry.close();
    await stack.remove();
  });

  function project(name: string): string {
    const folder = join(home, name.replace(" ", "-"));
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true }));
    return folder;
  }

  /** The open bucket must be found, the locked one not. */
  async function evaluates(packFolder: string, options: OperationOptions = {}): Promise<void> {
    const { code, stdout, stderr, violations } = await stack.preview({ ...options, packs: [packFolder] });
    const found = violations.map(({ policy, level, urn }) => [policy, level, urn]);
    expect({ code, found }, stdout + stderr).to.deep.equal({
      code: 1,
      found: [["s3-bucket-public-access-block", "mandatory", "urn:pulumi:dev::consumer::aws:s3/bucket:Bucket::site"]],
    });
  }

  it("adds one package to a project with an SDK of its own, and moves none", () => {
    const { version } = json(join(program, "node_modules", PACK, "package.json")) as { version: string };
    expect(installed(program)).to.deep.equal({ ...alone, [`node_modules/${PACK}`]: version });
    expect(alone["node_modules/@pulumi/pulumi"]).to.equal(OWN_SDK);
    expect(json(join(program, "package.json"))).to.have.nested.property("dependencies.@pulumi/pulumi", `^${OWN_SDK}`);
  });

  it("is small: the pack, which is all that a required one installs, and the package with the command line", () => {
    const whole = join(program, "node_modules", PACK);
    const sizeOf = (folder: string): number =>
      filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
    expect(filesIn(whole).length).to.be.at.most(60);
    expect(sizeOf(join(whole, PACK_FOLDER))).to.be.at.most(3 * MB);
    expect(sizeOf(whole)).to.be.at.most(4.3 * MB);
  });

  for (const version of ["20.19.0", "22", "24"]) {
    it(`starts and finds the open bucket on Node.js ${version}`, async () => {
      const node = await onNode(version);
      await evaluates(join("node_modules", PACK, PACK_FOLDER), { env: node.env });
      const [seen, ...more] = node.seen();
      expect(more).to.deep.equal([]);
      expect(seen).to.match(new RegExp(`^v${version.replaceAll(".", "\\.")}`));
    });
  }

  for (const [name, manager] of PACKAGE_MANAGERS) {
    it(`comes with ${name} from a registry that has nothing else, and evaluates where there is no SDK`, async () => {
      const folder = project(name);
      registry.asked.length = 0;
      const places = {
        REGISTRY: registry.env.npm_config_registry ?? "",
        CACHE: join(home, `${name} cache`),
        PACKAGE: SCOPED,
      };
      const { add, exec, packFolder, runIn } = managed(manager, folder, places);
      const { code, stdout, stderr } = await runIn([...add, SCOPED]);
      expect(code, stdout + stderr).to.equal(0);
      // What is asked for besides is the package manager's own business: its newest version, advisories.
      expect(registry.asked.filter((path) => path.includes("pulumi"))).to.deep.equal([]);
      expect(registry.asked).to.include(`/${SCOPED}`);
      // Yarn 4 keeps no hash of the tarball, and asks the registry for it.
      writeFileSync(join(folder, "Pulumi.yaml"), "name: consumer\nruntime: nodejs\n");
      const init = await runIn([...exec, PACK, "init", "--stack", "dev", "--forge", "github"]);
      expect(init.stdout, init.stderr)
        .to.contain(`GATE_INTEGRITY: ${integrityOf(tarball)}\n`)
        .and.to.contain(`To write the files: ${packFolder ? `yarn ${PACK}` : `npx ${SCOPED}`} init`);
      if (packFolder === undefined) return evaluates(join(folder, "node_modules", SCOPED, PACK_FOLDER));
      const found = await runIn(packFolder);
      expect(found.code, found.stderr).to.equal(0);
      await evaluates(found.stdout.trim());
    });
  }

  it("is found by npm root in a workspace, whose packages npm keeps at the root", async () => {
    const root = project("workspaces");
    const infra = join(root, "infra");
    mkdirSync(infra);
    writeFileSync(join(root, "package.json"), JSON.stringify({ private: true, workspaces: ["infra"] }));
    writeFileSync(join(infra, "package.json"), JSON.stringify({ name: "infra", version: "1.0.0" }));
    const env = { ...process.env, ...registry.env, npm_config_cache: join(home, "workspaces cache") };
    await npm(["install", "--no-audit", "--no-fund", "--save-dev", SCOPED], infra, env);
    expect(readdirSync(infra)).to.deep.equal(["package.json"]);
    await evaluates(join((await npm(["root"], infra)).trim(), SCOPED, PACK_FOLDER));
  });
});
