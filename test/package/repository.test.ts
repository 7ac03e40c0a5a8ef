import { expect } from "chai";
import { webAddress } from "../../scripts/repository";

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
