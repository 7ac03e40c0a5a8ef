import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { checkout } from "../organization/checkout";
import { renamed, stage } from "../../scripts/stage";
import { run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { integrityOf, withoutNetwork } from "../harness/cloud/registry";
import { filesIn, pack, PACK_FOLDER } from "./pack";
import { tempFolder } from "../temp-folder";
import { testdata } from "../testdata";

type Manifest = Record<"name" | "version" | "main", string> &
  Partial<Record<"scripts" | "dependencies", Record<string, string>>> & { private?: boolean };

const json = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

const RUNNER = "node_modules/@pulumi/pulumi";
const FILES = testdata("package.yaml") as Record<"package" | "pack", string[]>;

describe("The published tarball", () => {
  it("holds what runs and nothing else", async () => {
    const docs = filesIn(join(ROOT, "docs")).map((file) => `docs/${file}`);
    const inPack = FILES.pack.map((file) => `${PACK_FOLDER}/${file}`);
    expect((await pack()).files).to.have.members([...FILES.package, ...inPack, ...docs]);
  });

  it("has documents for whoever has installed it: no dead link, no way to make it, the version that it is", async () => {
    const { folder, files } = await pack();
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    const dead = files
      .filter((file) => /^(README|CHANGELOG|SECURITY|docs\/.*)\.md$/.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)]
          .map(([, link = ""]) => join(dirname(file), link))
          .filter((link) => !existsSync(join(folder, link)))
          .map((link) => `${file}: ${link}`),
      );
    expect(dead).to.deep.equal([]);
    expect(read("README.md"))
      .to.contain("](docs/pull-requests.md)")
      .and.not.to.match(/npm start|on npm|npm run package/);
    const { version } = json(folder, "package.json") as Manifest;
    expect(read("CHANGELOG.md"))
      .to.match(new RegExp(`\n## ${version} \\(20\\d\\d-\\d\\d-\\d\\d\\)\n`))
      .and.not.to.match(/## Unreleased\s+## /);
  });

  it("is of no version that the changelog doesn't have", async () => {
    const copy = tempFolder("changelog");
    cpSync((await pack()).folder, copy, { recursive: true });
    writeFileSync(join(copy, "CHANGELOG.md"), "# Changelog\n\n## 0.9.0 (2026-01-01)\n");
    expect(() => stage(copy, undefined, join(copy, "stage"))).to.throw(/^CHANGELOG.md has no part "## \d\S* \(DAY\)"$/);
  });

  it("has nothing to install and no script, and is otherwise described by the project's own manifest", async () => {
    const project = json(ROOT, "package.json") as Record<string, unknown>;
    const shipped = json((await pack()).folder, "package.json") as Record<string, unknown>;
    const left = ["dependencies", "devDependencies", "overrides", "private", "scripts"];
    expect(Object.keys(project).filter((key) => !(key in shipped))).to.have.members(left);
    const kept = Object.entries(project).filter(([key]) => !left.includes(key));
    expect(shipped).to.deep.equal({ ...Object.fromEntries(kept), preferUnplugged: true });
  });

  it("has the README's commands and paths under another name on request", () => {
    const ours = [
      "npm install --save-dev @acme/pack",
      "pulumi preview --policy-pack node_modules/@acme/pack/dist/policypack",
      "npx @acme/pack preview --stack dev; npx --yes @acme/pack; npm view @acme/pack@VERSION",
    ].join("\n");
    const kept =
      "pulumi policy enable $ORG/pack latest; npm run package -- --name @acme/pack; node_modules/pack-of-others";
    const wanted = `${ours.replaceAll("@acme/pack", () => "@ours/$&gate")}\n${kept}`;
    for (const text of [ours, ours.replaceAll("@acme/", "")])
      expect(renamed(`${text}\n${kept}`, "pack", "@ours/$&gate")).to.equal(wanted);
  });
});

describe("The policy pack's folder", () => {
  const folder = join(ROOT, PACK_FOLDER);

  it("is packed whole, the runner as a bundled dependency of the SDK's version, for `pulumi policy publish`", async () => {
    const { code, stdout, stderr } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: folder });
    expect(code, stderr).to.equal(0);
    const [packed] = JSON.parse(stdout) as { files: { path: string }[]; bundled: string[] }[];
    expect(packed?.bundled).to.deep.equal(["@pulumi/pulumi"]);
    expect(packed?.files.map(({ path }) => path)).to.have.members(FILES.pack);

    const project = json(ROOT, "package.json") as Manifest;
    const { name, version, main, dependencies } = json(folder, "package.json") as Manifest;
    const sdk = json(ROOT, `${RUNNER}/package.json`) as Manifest;
    expect({ name, version, main }).to.deep.equal({ name: project.name, version: project.version, main: "index.js" });
    expect(dependencies).to.deep.equal({ "@pulumi/pulumi": sdk.version });
    expect(json(folder, `${RUNNER}/package.json`)).to.deep.include({ name: "@pulumi/pulumi", version: sdk.version });
  });

  it("is installed by npm without a registry, which changes nothing in it", async () => {
    const home = tempFolder("installed");
    const unpacked = join(home, "package");
    mkdirSync(unpacked);
    await run("npm", ["pack", "--pack-destination", home], { cwd: folder });
    const { version } = json(folder, "package.json") as Manifest;
    const tarball = join(home, `s3-public-access-block-${version}.tgz`);
    await run("tar", ["-xzf", tarball, "-C", home]);
    const before = readFileSync(join(unpacked, `${RUNNER}/package.json`), "utf8");
    // As Pulumi's language host installs, and the two ways to ask for production mode.
    for (const production of [[], ["--omit=dev"], ["--production"]]) {
      const { code, stderr } = await run("npm", ["install", "--loglevel=error", ...production], {
        cwd: unpacked,
        env: { ...process.env, ...withoutNetwork(join(home, "cache")) },
      });
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(readFileSync(join(unpacked, `${RUNNER}/package.json`), "utf8")).to.equal(before);
      expect(existsSync(join(unpacked, `${RUNNER}/cmd/run-policy-pack/index.js`))).to.equal(true);
    }
  });

  it("says in PulumiPolicy.yaml that it is JavaScript, installed by npm without development tools, and no main", () => {
    const policy = parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")) as object;
    const options = { production: true, typescript: false, packagemanager: "npm" };
    expect(policy).to.have.nested.property("runtime.options").that.deep.equals(options);
    expect(policy).not.to.have.property("main");
    const { author, license } = json(ROOT, "package.json") as Record<string, unknown>;
    expect(policy).to.include({ author, license });
  });

  it("has nothing left of an earlier build", async () => {
    const stale = ["stale.js", "node_modules/stale/index.js", `${RUNNER}/cmd/run/index.js`].map((file) =>
      join(folder, file),
    );
    for (const file of stale) {
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, "");
    }
    const { code, stderr } = await run("npm", ["run", "-s", "build"], { cwd: ROOT });
    expect(code, stderr).to.equal(0);
    expect(stale.filter((file) => existsSync(file))).to.deep.equal([]);
    expect(FILES.pack.filter((file) => !existsSync(join(folder, file)))).to.deep.equal([]);
  });
});

describe("The project's own files", () => {
  // By another name: release.tools.test.ts.
  it("have a command that makes the package, which npm would publish, with workflows that name its hash, and changes nothing else", async function () {
    this.timeout(240_000);
    const copy = await checkout();
    try {
      const made = await copy.run("npm", ["run", "package"], process.env);
      const tarball = `dist/s3-public-access-block-${copy.version()}.tgz`;
      expect(made.code, made.stderr).to.equal(0);
      expect(made.stdout).to.contain(`npm publish ./${tarball}`).and.to.contain("no repository (git's remote origin");
      for (const example of ["github-workflow.yml", "gitlab-ci.yml"]) {
        const text = readFileSync(join(copy.folder, "dist", example), "utf8");
        expect(text).to.contain(`GATE_INTEGRITY: ${integrityOf(join(copy.folder, tarball))}\n`);
        expect(text).to.contain('GATE: "s3-public-access-block"\n');
      }
      expect((await copy.run("git", ["status", "--porcelain"], process.env)).stdout).to.equal("");
      const { code, stderr } = await copy.run("npm", ["publish", "--dry-run", `./${tarball}`], process.env);
      expect(code, stderr).to.equal(0);
      expect(stderr).to.contain("action.yml").and.to.contain("name: s3-public-access-block\n");
    } finally {
      copy.remove();
    }
  });

  it("have a command that says what is wrong with a name, or with an argument, and makes nothing", async () => {
    for (const [args, message] of [
      [["--name", "Gate"], `"Gate" isn't a name for an npm package: name can no longer contain capital letters`],
      [["--name"], "Option '--name <value>' argument missing"],
      [["@acme/gate"], "Unexpected argument '@acme/gate'."],
    ] as const) {
      const command = ["run", "-s", "package", "--", ...args];
      const { code, stdout, stderr } = await run("npm", command, { cwd: ROOT });
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.contain(`Not packaged: ${message}`).and.to.contain("\n\nUsage: npm run package");
    }
  });

  it("can't be published in place of the package, and have no script that npm pack would run", () => {
    const { private: isPrivate, scripts = {} } = json(ROOT, "package.json") as Manifest;
    expect(isPrivate).to.equal(true);
    expect(scripts).not.to.have.any.keys("prepare", "prepack", "postpack", "prepublish", "prepublishOnly");
  });
});
