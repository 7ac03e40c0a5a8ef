import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import Ajv from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { stage } from "../../scripts/stage";
import { outputOf, run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { checkout, type Checkout } from "../organization/checkout";
import { tempFolder } from "../temp-folder";

interface Job {
  permissions: object;
  uses?: string;
  steps?: { run?: string }[];
}
type Component = Record<"name" | "version" | "bom-ref", string> & {
  licenses: [{ expression: string }];
  hashes: [{ content: string }];
};

const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");
const { permissions, jobs } = parse(read(".github/workflows/release.yml")) as {
  permissions: object;
  jobs: Record<"test" | "package" | "publish" | "release", Job>;
};

describe("The software bill of materials", () => {
  const folder = join(ROOT, "node_modules/@cyclonedx/cyclonedx-library/res/schema");
  const schema = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const file of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"])
    ajv.addSchema({ ...schema(file), $id: `http://cyclonedx.org/schema/${file}` });
  const isValid = ajv.compile(schema("bom-1.6.SNAPSHOT.schema.json"));

  for (const bundle of ["policypack", "cli"])
    it(`of ${bundle} is CycloneDX, and has the packages whose licenses come along, by the lock file's hashes`, () => {
      const text = read("dist", bundle, "sbom.cdx.json");
      expect([isValid(JSON.parse(text)), isValid.errors]).to.deep.equal([true, null]);
      expect(isValid(JSON.parse(text.replaceAll("SHA-512", "SHA-13")))).to.equal(false);
      const { components, dependencies } = JSON.parse(text) as {
        components: Component[];
        dependencies: { dependsOn: string[] }[];
      };
      const licensed =
        read("dist", bundle, "LICENSES.txt").match(/^(?:@[\w.-]+\/)?[\w.-]+ v?\d+\.\d\S* \(.+\)$/gm) ?? [];
      const listed = components.map(({ name, version, licenses }) => `${name} ${version} (${licenses[0].expression})`);
      expect(listed).to.have.members(licensed.map((line) => line.replace(" v", " ")));
      const lock = JSON.parse(read("npm-shrinkwrap.json")) as { packages: Record<string, { integrity: string }> };
      for (const { name, hashes } of components) {
        const hash = `sha512-${Buffer.from(hashes[0].content, "hex").toString("base64")}`;
        expect(hash, name).to.equal(lock.packages[`node_modules/${name}`]?.integrity);
      }
      const refs = components.map((each) => each["bom-ref"]);
      expect(dependencies[0]?.dependsOn).to.have.members(refs);
      expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref))).to.deep.equal([]);
    });
});

describe("The release workflow", function () {
  this.timeout(240_000);
  let copy: Checkout;
  let home: string;
  let calls: () => string[];
  before(async () => {
    copy = await checkout();
    home = tempFolder("release");
    const bin = join(home, "bin");
    mkdirSync(bin);
    const npm = outputOf("sh", ["-c", "command -v npm"]).trim();
    const record = `echo "$(basename "$0") $*" >> ${home}/calls`;
    writeFileSync(
      join(bin, "npm"),
      `#!/bin/sh\ncase "$1" in ci | publish) ${record} ;; *) exec "${npm}" "$@" ;; esac\n`,
      { mode: 0o755 },
    );
    writeFileSync(join(bin, "gh"), `#!/bin/sh\n${record}\n`, { mode: 0o755 });
    calls = () => readFileSync(join(home, "calls"), "utf8").trim().split("\n");
    await copy.run("git", ["remote", "add", "origin", "https://git.example/acme/pack.git"], process.env);
  });
  after(() => {
    copy.remove();
  });

  /** Runs a job's commands as the runner does, up to one that fails. */
  async function runs(job: Job, cwd: string, more: NodeJS.ProcessEnv = {}) {
    const PATH = [join(home, "bin"), process.env.PATH].join(delimiter);
    const env = {
      ...process.env,
      LC_ALL: "C",
      PATH,
      GITHUB_REF_NAME: `v${copy.version()}`,
      NPM_NAME: "@acme/gate",
      ...more,
    };
    for (const script of job.steps?.flatMap((step) => step.run ?? []) ?? []) {
      const { code, stdout, stderr } = await run("bash", ["-e", "-c", script], { cwd, env });
      if (code !== 0) return stdout + stderr;
    }
    return "";
  }

  it("gives each job the least that it needs, and the one that publishes no checkout and no token", () => {
    const of = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]));
    const [reads, signs, writes] = [{ contents: "read" }, { "id-token": "write" }, { contents: "write" }];
    expect(permissions).to.deep.equal({});
    expect(of).to.deep.equal({ test: reads, package: reads, publish: signs, release: writes });
    expect(JSON.stringify(jobs.publish)).not.to.match(/checkout|secrets|npm (ci|install|run)/);
    const checks = read(".github/workflows/checks.yml");
    expect(jobs.test.uses).to.equal("./.github/workflows/checks.yml");
    expect(checks).to.contain("  workflow_call:").and.to.contain('node: ["20.19.0", "22", "24"]');
  });

  it("makes nothing of a tag that isn't the version", async () => {
    expect(await runs(jobs.package, copy.folder, { GITHUB_REF_NAME: "v9.9.9" })).to.contain("v9.9.9 is not the tag");
    expect(existsSync(join(copy.folder, "release"))).to.equal(false);
  });

  it("publishes the very tarball that it packed, from its repository, with what is in it and all hashes", async () => {
    expect(await runs(jobs.package, copy.folder)).to.equal("");
    const tarball = `acme-gate-${copy.version()}.tgz`;
    const [sboms, workflows] = [
      ["cli.cdx.json", "policypack.cdx.json"],
      ["github-workflow.yml", "gitlab-ci.yml"],
    ];
    const files = ["SHA256SUMS", tarball, ...sboms, ...workflows].sort();
    expect(readdirSync(join(copy.folder, "release")).sort()).to.deep.equal(files);
    const manifest = outputOf("tar", ["-xzOf", join(copy.folder, "release", tarball), "package/package.json"]);
    const { name, repository } = JSON.parse(manifest) as Record<string, unknown>;
    const source = { type: "git", url: "git+https://git.example/acme/pack.git" };
    expect({ name, repository }).to.deep.equal({ name: "@acme/gate", repository: source });

    for (const file of workflows)
      expect(readFileSync(join(copy.folder, "release", file), "utf8")).to.contain('GATE: "@acme/gate"\n');
    const artifact = join(home, "artifact");
    cpSync(join(copy.folder, "release"), artifact, { recursive: true });
    for (const job of [jobs.publish, jobs.release]) expect(await runs(job, artifact)).to.equal("");
    expect(calls().slice(-2)).to.deep.equal([
      `npm publish --provenance --access public ./${tarball}`,
      `gh release create v${copy.version()} --verify-tag --generate-notes ${files.map((file) => `./${file}`).join(" ")}`,
    ]);
    writeFileSync(join(artifact, tarball), "another");
    for (const job of [jobs.publish, jobs.release]) expect(await runs(job, artifact)).to.contain(`${tarball}: FAILED`);
    expect(calls()).to.have.length(3);

    const changelog = join(copy.folder, "CHANGELOG.md");
    writeFileSync(changelog, readFileSync(changelog, "utf8").replace(`## ${copy.version()} (`, "## 9.9.9 ("));
    expect(() => stage(copy.folder, undefined, join(home, "stage"))).to.throw(
      `CHANGELOG.md has no part "## ${copy.version()} (DAY)"`,
    );
  });
});
