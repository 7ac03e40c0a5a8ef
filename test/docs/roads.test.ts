import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { policies } from "../../policypack/policies";
import { isAdapted } from "../../policypack/adapters";
import { ADAPTED } from "./properties";

const PACKAGE = dirname(require.resolve("@pulumi/aws/package.json"));

describe("The list of roads", () => {
  it("has tokens that the pack reads, and no others", () => {
    const tokens = ADAPTED.flatMap((row) => row.tokens);
    expect(tokens).to.have.length.above(15);
    const unread = tokens
      .map((token) => token.replace("PKG", "site"))
      .filter((token) => !isAdapted(token) && !policies.some((policy) => policy.reads(token)));
    expect(unread).to.deep.equal([]);
  });

  it("has tokens and properties that the installed @pulumi/aws has", () => {
    const declared = ADAPTED.flatMap(({ tokens, properties }) =>
      tokens
        .filter((token) => /^aws:(?!index)/.test(token))
        .map((token) => ({ token, properties: properties.filter((name) => /^\w+$/.test(name)) })),
    );
    expect(declared.map(({ token }) => token)).to.have.length(4);
    for (const { token, properties } of declared) {
      const module = /^aws:(.*):/.exec(token)?.[1] ?? "";
      expect(readFileSync(join(PACKAGE, `${module}.js`), "utf8")).to.include(`__pulumiType = '${token}'`);
      const types = readFileSync(join(PACKAGE, `${module}.d.ts`), "utf8");
      const missing = properties.filter((name) => !new RegExp(`^ {4}${name}\\??: `, "m").test(types));
      expect(missing, token).to.deep.equal([]);
    }
  });
});
