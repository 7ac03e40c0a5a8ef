import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

describe("The harness", () => {
  it("imports nothing of the product and its tests but what the build does to the pack's README", () => {
    const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" });
    expect(files).to.include("engine/command.ts");
    const outside = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => {
        const text = readFileSync(join(__dirname, file), "utf8");
        const modules = [...text.matchAll(/(?:from|import\(|require\()\s*"(\.{1,2}\/[^"]+)"/g)];
        return modules.map(([, module = ""]) => `${file}: ${join(dirname(file), module)}`);
      });
    expect(outside.filter((each) => each.includes(": .."))).to.deep.equal([
      "in-process.ts: ../../scripts/readme-links.mjs",
    ]);
  });
});
