import { expect } from "chai";
import { readProduct, webAddress } from "../../../cli/report/repository";

describe("The address of the repository that the pack is published from", () => {
  const known = {
    "https://git.example/acme/pack.git\n": "https://git.example/acme/pack",
    "https://git.example/group/team/pack/": "https://git.example/group/team/pack",
    "https://me:token@git.example/acme/pack": "https://git.example/acme/pack",
    "https://token@git.example:8443/acme/pack.git": "https://git.example:8443/acme/pack",
    "http://git.example/acme/pack.git": "http://git.example/acme/pack",
    "git@git.example:acme/pack.git": "https://git.example/acme/pack",
    "git.example:acme/pack": "https://git.example/acme/pack",
    "ssh://git@git.example:22/acme/pack.git": "https://git.example/acme/pack",
    "git://git.example/acme/pack.js": "https://git.example/acme/pack.js",
  };
  for (const [remote, address] of Object.entries(known)) {
    it(`is read from ${remote.trim()}`, () => {
      expect(webAddress(remote)).to.equal(address);
    });
  }

  const none = [
    ...["", "\n", "/srv/git/pack.git", "../pack", "file:///srv/git/pack", "C:\\git\\pack", "host:/srv/pack"],
    ...["https://", "https://git.example", "https://git.example/", "https://git.example/pack?token=secret"],
    ...["https://git.example/.git", "ext::sh -c evil", "https://git.example:port/acme/pack"],
  ];
  for (const remote of none) {
    it(`isn't made up from ${JSON.stringify(remote)}`, () => {
      expect(webAddress(remote)).to.equal(undefined);
    });
  }
});

describe("What reports tell of where this package is", () => {
  const product = (manifest: object) => readProduct({ version: "1.0.0", ...manifest });
  const repositories: [string, unknown, string][] = [
    [
      "of npm's usual form",
      { type: "git", url: "git+https://git.example/acme/pack.git" },
      "https://git.example/acme/pack",
    ],
    ["as an address", "https://git.example/acme/pack", "https://git.example/acme/pack"],
    ["of npm's short form", "acme/pack", "https://github.com/acme/pack"],
    ["of npm's short form with a host", "gitlab:acme/pack", "https://gitlab.com/acme/pack"],
  ];
  for (const [form, repository, address] of repositories) {
    it(`is read from a repository ${form}`, () => {
      expect(product({ repository })).to.deep.equal({
        version: "1.0.0",
        homepage: address,
        sources: `${address}/blob/HEAD`,
      });
    });
  }

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

  const nothing = [
    {},
    { repository: null },
    { repository: 1 },
    { repository: { url: 1 } },
    { homepage: "pack" },
  ];
  for (const manifest of [...nothing, { repository: "gist:123" }, { homepage: "javascript:alert()" }]) {
    it(`isn't made up from ${JSON.stringify(manifest)}`, () => {
      expect(product(manifest)).to.deep.equal({ version: "1.0.0" });
    });
  }
});
