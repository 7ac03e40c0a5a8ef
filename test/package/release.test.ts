import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { outputOf, run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { tempFolder } from "../temp-folder";

interface Job {
  permissions: object;
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

// On act: release.tools.test.ts.
describe("The release workflow", () => {
  it("gives each job the least that it needs, and the one that publishes no checkout and no token", () => {
    const of = Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]));
    const [reads, signs, writes] = [{ contents: "read" }, { "id-token": "write" }, { contents: "write" }];
    expect(permissions).to.deep.equal({});
    expect(of).to.deep.equal({ test: reads, package: reads, publish: signs, release: writes });
    expect(JSON.stringify(jobs.publish)).not.to.match(/checkout|secrets|npm (ci|install|run)/);
    expect(read(".github/workflows/checks.yml")).to.contain('node: ["20.19.0", "22", "24"]');
  });

  it("publishes and shows nothing that has changed since it was packed", async () => {
    const cwd = tempFolder("artifact");
    writeFileSync(join(cwd, "gate.tgz"), "packed");
    writeFileSync(join(cwd, "SHA256SUMS"), outputOf("sha256sum", ["gate.tgz"], { cwd }));
    writeFileSync(join(cwd, "gate.tgz"), "another");
    for (const { steps = [] } of [jobs.publish, jobs.release]) {
      const script = steps.flatMap((step) => step.run ?? []).join("\n");
      const { code, stdout } = await run("bash", ["-e", "-c", script], { cwd, env: { ...process.env, LC_ALL: "C" } });
      expect([code, stdout]).to.deep.equal([1, "gate.tgz: FAILED\n"]);
    }
  });
});
