import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { calledAs } from "../../cli/own-package";
import { tempFolder } from "../temp-folder";

describe("the name of the command line in the commands that it prints", () => {
  it("is the one that it was installed by", () => {
    const root = tempFolder("called");
    const at = (folder: string): string => {
      mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(join(root, folder, "package.json"), JSON.stringify({ name: "@acme/pack", version: "1.2.3" }));
      return calledAs(join(root, folder)).replace(/^node .*/, "node");
    };
    const called = ["a", "_npx/0a", "a.zip", ".yarn/unplugged/a"].map((folder) => `${folder}/node_modules/@acme/pack`);
    const yarn = "yarn s3-public-access-block";
    const names = ["npx @acme/pack", "npx --yes @acme/pack@1.2.3", yarn, yarn, "node"];
    expect([...called, "checkout"].map(at)).to.deep.equal(names);
  });
});
