import { expect } from "chai";
import { tooOld } from "../../../cli/pulumi/version";

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
