import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { checkout } from "../organization/checkout";
import { ROOT } from "../../harness/engine/paths";
import { integrityOf, pack } from "./pack";

interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  private?: boolean;
  main: string;
}

interface Lock {
  name: string;
  version: string;
  packages: Record<string, { version: string; integrity?: string; resolved?: string; dev?: boolean }>;
}

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

describe("The published tarball", () => {
  it("holds what runs and nothing else", async () => {
    expect((await pack()).files).to.deep.equal([
      "CHANGELOG.md",
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "action.yml",
      "dist/cli/LICENSES.txt",
      "dist/cli/main.js",
      "dist/cli/main.js.map",
      "dist/policypack/LICENSES.txt",
      "dist/policypack/index.js",
      "dist/policypack/index.js.map",
      "npm-shrinkwrap.json",
      "package.json",
    ]);
  });

  it("has no script and no development dependency, and depends on nothing but Pulumi's SDKs", async () => {
    const manifest = json((await pack()).folder, "package.json") as Manifest;
    expect(manifest).not.to.have.any.keys("scripts", "devDependencies");
    expect(manifest.dependencies).to.have.property("@pulumi/pulumi");
    expect(["@pulumi/policy", "@pulumi/pulumi"]).to.include.members(Object.keys(manifest.dependencies ?? {}));
  });

  it("is otherwise described by the project's own manifest", async () => {
    const { scripts, devDependencies, private: isPrivate, ...rest } = json(ROOT, "package.json") as Manifest;
    expect([scripts, devDependencies, isPrivate]).not.to.include(undefined);
    expect(json((await pack()).folder, "package.json")).to.deep.equal(rest);
  });

  it("pins what the project's lock pins, by hash and for any registry, without TypeScript and the AWS SDK", async () => {
    const project = json(ROOT, "npm-shrinkwrap.json") as Lock;
    const shipped = json((await pack()).folder, "npm-shrinkwrap.json") as Lock;
    const dependencies = Object.entries(shipped.packages).filter(([path]) => path !== "");
    expect([shipped.name, shipped.version]).to.deep.equal([project.name, project.version]);
    for (const [path, entry] of dependencies) {
      const { version, integrity } = project.packages[path] ?? {};
      expect([entry.version, entry.integrity], path).to.deep.equal([version, integrity]);
      expect(entry.integrity, path).to.match(/^sha512-/);
      expect(entry, path).not.to.have.any.keys("resolved", "dev", "devOptional");
    }
    const paths = dependencies.map(([path]) => path);
    expect(paths).to.include("node_modules/@pulumi/pulumi");
    expect(paths).not.to.include.any.members(["node_modules/typescript", "node_modules/@pulumi/aws"]);
  });

  it("has the version of the project in manifest and lock", async () => {
    const { folder } = await pack();
    const { version } = json(ROOT, "package.json") as { version: string };
    const lock = json(folder, "npm-shrinkwrap.json") as Lock;
    expect([lock.version, lock.packages[""]?.version]).to.deep.equal([version, version]);
  });
});

describe("The project's own files", () => {
  it("set production mode, and no main, in PulumiPolicy.yaml", () => {
    const policy = parse(readFileSync(join(ROOT, "PulumiPolicy.yaml"), "utf8")) as object;
    expect(policy).to.have.nested.property("runtime.options.production", true);
    expect(policy).to.have.nested.property("runtime.options.typescript", false);
    expect(policy).not.to.have.property("main");
  });

  it("can't be published in place of the package", async () => {
    expect(json(ROOT, "package.json")).to.have.property("private", true);
    expect(json((await pack()).folder, "package.json")).not.to.have.property("private");
  });

  it("have a command that makes the package, which npm would publish, and gives the examples its hash", async function () {
    this.timeout(120_000);
    const copy = await checkout();
    try {
      const made = await copy.run("npm", ["run", "package"], process.env);
      const tarball = `dist/s3-public-access-block-${copy.version()}.tgz`;
      expect([made.code, made.stdout], made.stderr).to.satisfy(
        ([code, said]: [number, string]) => code === 0 && said.includes(`npm publish ./${tarball}`),
      );
      for (const example of ["github-workflow.yml", "gitlab-ci.yml"]) {
        expect(readFileSync(join(copy.folder, "docs/examples", example), "utf8")).to.contain(
          `GATE_INTEGRITY: ${integrityOf(join(copy.folder, tarball))}\n`,
        );
      }
      const { code, stderr } = await copy.run("npm", ["publish", "--dry-run", `./${tarball}`], process.env);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain("action.yml");
    } finally {
      copy.remove();
    }
  });

  it("have no script that npm pack would run", () => {
    const { scripts = {} } = json(ROOT, "package.json") as Manifest;
    expect(scripts).not.to.have.any.keys("prepare", "prepack", "postpack", "prepublish", "prepublishOnly");
  });
});
