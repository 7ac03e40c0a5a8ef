import { expect } from "chai";
import { takesExecutables } from "../../../cli/preview/own-pack";

describe("Whether a CLI takes an executable as a policy pack", () => {
  const yes = ["v3.255.0\n", "3.255.1", "v3.259.0", "v3.1000.0", "v4.0.0", "v3.256.0-alpha.1+dirty"];
  const no = ["v3.254.0", "v3.9.999", "v2.300.0", "", "3.255", "pulumi v3.259.0", "error: 3.259.0"];
  for (const version of yes)
    it(`is told by ${version.trim()}`, () => expect(takesExecutables(version)).to.equal(true));
  for (const version of no) {
    it(`isn't told by ${JSON.stringify(version)}`, () => expect(takesExecutables(version)).to.equal(false));
  }
});
