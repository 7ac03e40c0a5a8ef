import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { linkerOfProjects } from "../../../cli/report/links";
import { readProduct, webAddress } from "../../../cli/report/repository";
import { outputOf } from "../../harness/engine/command";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

it("The address of the repository that the pack is published from is read from a git remote, or not made up", () => {
  const remotes = Object.entries(testdata("repositories.yaml") as Record<string, string | null>);
  expect(remotes.map(([remote]) => [remote, webAddress(remote) ?? null])).to.deep.equal(remotes);
});

it("What reports tell of where this package is, is read from its manifest, or not made up", () => {
  const version = "1.0.0";
  for (const { manifest, product } of testdata("products.yaml") as Record<"manifest" | "product", object>[])
    expect(readProduct({ version, ...manifest }), JSON.stringify(manifest)).to.deep.equal({ version, ...product });
});

it("A line of a project is linked where one project of the repository has its name, and its file is there", () => {
  const root = tempFolder("links");
  const git = (...args: string[]) => outputOf("git", args, { cwd: root });
  git("init", "-q");
  for (const [folder, name] of Object.entries({ "shop infra": "shop", a: "twice", b: "twice" })) {
    mkdirSync(join(root, folder, "src"), { recursive: true });
    writeFileSync(join(root, folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    writeFileSync(join(root, folder, "src/index.ts"), "");
  }
  const address = (project: string, file = "src/index.ts", env = {}) =>
    linkerOfProjects(join(root, "a"), env)?.({ file, line: 8 }, `urn:pulumi:dev::${project}::t:T::data`);
  expect(address("shop")).to.equal(undefined);
  git("remote", "add", "origin", "https://me:token@github.example/o/r.git");
  expect(address("shop")).to.equal("https://github.example/o/r/blob/HEAD/shop%20infra/src/index.ts#L8");
  git("remote", "set-url", "origin", "git@gitlab.example:o/r.git");
  expect(address("shop")).to.equal("https://gitlab.example/o/r/-/blob/HEAD/shop%20infra/src/index.ts#L8");
  const job = { CI_PROJECT_URL: "https://ci.example/o/r", CI_COMMIT_SHA: "abc" };
  const ofJob = address("shop", "src/index.ts", job);
  expect(ofJob).to.equal("https://ci.example/o/r/-/blob/abc/shop%20infra/src/index.ts#L8");
  for (const link of [address("twice"), address("other"), address("shop", "gone.ts")]) expect(link).to.equal(undefined);
});
