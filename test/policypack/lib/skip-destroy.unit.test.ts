import { expect } from "chai";
import { UNKNOWN } from "../../../policypack/lib/values";
import { knowsSkipDestroy } from "../../../policypack/aws/skip-destroy";

function knows(name: string, version?: unknown): boolean {
  const urn = `urn:pulumi:dev::test::pulumi:providers:aws::${name}`;
  return knowsSkipDestroy({ urn, read: (key) => (key === "version" ? version : undefined) });
}

describe("A provider", () => {
  it("knows skipDestroy from 7.2 on, by its version", () => {
    for (const version of ["7.2.0", "v7.2.0", "7.48.0", "7.10.1-alpha.1", "8.0.0", "10.1.0"]) {
      expect(knows("mine", version), version).to.equal(true);
    }
    for (const version of ["6.83.4", "7.1.9", "7.0.0", "5.2.0", "0.7.2"]) {
      expect(knows("mine", version), version).to.equal(false);
    }
  });

  it("knows it by the name that the engine gives to a default provider", () => {
    for (const name of ["default_7_2_0", "default_7_48_0", "default_8_0_0_alpha_1", "default_7_48_0_https_//x"]) {
      expect(knows(name), name).to.equal(true);
    }
    for (const name of ["default_6_83_4", "default_7_1_0", "default_5_48_0"]) {
      expect(knows(name), name).to.equal(false);
    }
  });

  it("goes by its version before its name", () => {
    expect(knows("default_7_48_0", "6.83.4")).to.equal(false);
    expect(knows("default_6_83_4", "7.48.0")).to.equal(true);
  });

  it("is not taken to know it where nothing tells", () => {
    for (const version of [undefined, UNKNOWN, null, "", "latest", "7", "17", 7.48, "x7.48.0"]) {
      expect(knows("mine", version), String(version)).to.equal(false);
    }
    for (const name of ["default", "default_7", "my_default_7_48_0", "7_48_0"]) {
      expect(knows(name), name).to.equal(false);
    }
    expect(knowsSkipDestroy(undefined)).to.equal(false);
  });
});
