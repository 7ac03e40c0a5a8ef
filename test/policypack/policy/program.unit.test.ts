import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { languages } from "../../../policypack/policy/program";

describe("The language of a program is told by", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "program-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const write = (file: string, text: string): string => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
    return path.dirname(path.join(root, file));
  };
  const told = (folders: (string | undefined)[], tags: Record<string, string> = {}): string | undefined =>
    languages(new Map(Object.entries(tags)), folders)("urn:pulumi:dev::shop::type::name")?.title;

  it("the stack's tag, before any file", () => {
    const folder = write("Pulumi.yaml", "name: shop\nruntime: yaml\n");
    expect(told([folder], { "pulumi:runtime": "python" })).to.equal("Python");
    expect(told([folder], { "pulumi:runtime": "ruby" })).to.equal(undefined);
  });

  it("the project's file, whose runtime is a text or has a name, in YAML or JSON, there or above", () => {
    const files: [string, string, string][] = [
      ["a/Pulumi.yaml", "name: shop\nruntime: go\n", "Go"],
      ["b/Pulumi.yaml", "runtime:\n  name: dotnet\n  options: {}\nname: shop\n", "C#"],
      ["c/Pulumi.yml", "name: shop\nruntime: java\n", "Java"],
      ["d/Pulumi.json", '{"name": "shop", "runtime": {"name": "nodejs"}}', "TypeScript"],
    ];
    for (const [file, text, language] of files) {
      const folder = write(file, text);
      expect(told([folder]), file).to.equal(language);
      expect(told([path.join(folder, "node_modules/pack/dist")]), file).to.equal(language);
    }
  });

  it("the first folder in which the project is the one of the resources", () => {
    const other = write("other/Pulumi.yaml", "name: other\nruntime: go\n");
    const shop = write("shop/Pulumi.yaml", "name: shop\nruntime: python\n");
    expect(told([undefined, other, shop])).to.equal("Python");
    expect(told([path.join(root, "shop/deep/er")])).to.equal("Python");
    expect(told([other])).to.equal(undefined);
  });

  it("nothing where the project's file can't be read, or has no runtime", () => {
    const broken = ["name: shop\nruntime: [", "- shop\n", "name: shop\n", "name: shop\nruntime: {name: 3}\n", ""];
    for (const [at, text] of broken.entries())
      expect(told([write(`${at}/Pulumi.yaml`, text)]), text).to.equal(undefined);
    mkdirSync(path.join(root, "folder/Pulumi.yaml"), { recursive: true });
    expect(told([path.join(root, "folder")])).to.equal(undefined);
    expect(told([])).to.equal(undefined);
  });
});
