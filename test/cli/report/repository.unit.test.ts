import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { linkerOfProjects } from "../../../cli/report/links";
import { readProduct, webAddress } from "../../../cli/report/repository";
import { outputOf } from "../../harness/engine/command";
import { tempFolder } from "../../temp-folder";

describe("The address of the repository that the pack is published from", () => {
  it("is read from a git remote, or not made up", () => {
    const file = join(__dirname, "../../testdata/repositories.yaml");
    const remotes = Object.entries(parse(readFileSync(file, "utf8")) as Record<string, string | null>);
    expect(remotes.map(([remote]) => [remote, webAddress(remote) ?? null])).to.deep.equal(remotes);
  });
});

describe("What reports tell of where this package is", () => {
  const product = (manifest: object) => readProduct({ version: "1.0.0", ...manifest });
  it("is read from a repository of each of npm's forms", () => {
    const pack = "https://git.example/acme/pack";
    const repositories: [unknown, string][] = [
      [{ type: "git", url: `git+${pack}.git` }, pack],
      [pack, pack],
      ["acme/pack", "https://github.com/acme/pack"],
      ["gitlab:acme/pack", "https://gitlab.com/acme/pack"],
    ];
    for (const [repository, homepage] of repositories)
      expect(product({ repository })).to.deep.equal({ version: "1.0.0", homepage, sources: `${homepage}/blob/HEAD` });
  });

  it("has the page that the package names, and its folder in the repository", () => {
    expect(
      product({
        homepage: "https://acme.example/pack",
        repository: { url: "https://git.example/acme/all", directory: "packs/s3 lock/" },
      }),
    ).to.deep.equal({
      version: "1.0.0",
      homepage: "https://acme.example/pack",
      sources: "https://git.example/acme/all/blob/HEAD/packs/s3%20lock",
    });
  });

  it("isn't made up", () => {
    const repositories = [undefined, null, 1, { url: 1 }, "gist:123"].map((repository) => ({ repository }));
    for (const manifest of [...repositories, { homepage: "pack" }, { homepage: "javascript:alert()" }])
      expect(product(manifest)).to.deep.equal({ version: "1.0.0" });
  });
});

it("A line of a project is linked where one project of the repository has its name, and its file is there", () => {
  const root = tempFolder("links");
  const git = (...args: string[]) => outputOf("git", args, { cwd: root });
  git("init", "-q");
  for (const [folder, name] of [
    ["shop infra", "shop"],
    ["a", "twice"],
    ["b", "twice"],
  ] as const) {
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
  expect(address("shop", "src/index.ts", job)).to.equal(
    "https://ci.example/o/r/-/blob/abc/shop%20infra/src/index.ts#L8",
  );
  expect([address("twice"), address("other"), address("shop", "gone.ts")]).to.deep.equal([
    undefined,
    undefined,
    undefined,
  ]);
});
