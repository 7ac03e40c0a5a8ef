import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readProduct, webAddress } from "../../../cli/report/repository";

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
