import { expect } from "chai";
import { takesExecutables, tooOld } from "../../../cli/preview/cli-version";

describe("Whether a CLI takes an executable as a policy pack", () => {
  const yes = ["v3.255.0\n", "3.255.1", "v3.259.0", "v3.1000.0", "v4.0.0", "v3.256.0-alpha.1+dirty"];
  const no = ["v3.254.0", "v3.9.999", "v2.300.0", "", "3.255", "pulumi v3.259.0", "error: 3.259.0"];
  for (const version of yes)
    it(`is told by ${version.trim()}`, () => expect(takesExecutables(version)).to.equal(true));
  for (const version of no) {
    it(`isn't told by ${JSON.stringify(version)}`, () => expect(takesExecutables(version)).to.equal(false));
  }
});

describe("A CLI that is too old for a verdict", () => {
  const summaries = (version: string): string =>
    `the Pulumi CLI is ${version}, which doesn't report which policy packs evaluated the stack: 3.197.0 or newer does`;
  const versionTwo = (version: string, file: string): string =>
    `the Pulumi CLI is ${version}, which can't read ${file}, a configuration of version 2: 3.274.0 or newer can`;

  it("is named with its version and with the one that does", () => {
    for (const version of ["v3.196.0", "v3.97.0", "v2.250.2"])
      expect(tooOld(`${version}\n`, [])).to.deep.equal([summaries(version)]);
    for (const version of ["v3.197.0", "v3.274.1", "v4.0.0"]) expect(tooOld(version, [])).to.deep.equal([]);
  });

  it("is named for each configuration of version 2 that it can't read", () => {
    expect(tooOld("v3.259.0\n", ["a.json", "b.json"])).to.deep.equal([
      versionTwo("v3.259.0", "a.json"),
      versionTwo("v3.259.0", "b.json"),
    ]);
    expect(tooOld("v3.190.0", ["a.json"])).to.deep.equal([
      summaries("v3.190.0"),
      versionTwo("v3.190.0", "a.json"),
    ]);
    expect(tooOld("v3.274.0", ["a.json"])).to.deep.equal([]);
  });

  it("isn't guessed of one that tells no version", () => {
    for (const version of ["", "error", "pulumi v3.100.0"])
      expect(tooOld(version, ["a.json"])).to.deep.equal([]);
  });
});
