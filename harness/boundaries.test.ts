import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./engine/paths";

/** The modules outside of this folder that its files import, as FILE: MODULE. */
function importsFromOutside(): string[] {
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  expect(files).to.include("engine/command.ts");
  return files.flatMap((file) => {
    const text = readFileSync(join(__dirname, file), "utf8");
    const modules = [...text.matchAll(/(?:from|import\(|require\()\s*"(\.{1,2}\/[^"]+)"/g)];
    return modules
      .map(([, module = ""]) => relative(__dirname, join(dirname(join(__dirname, file)), module)))
      .filter((module) => module.startsWith(".."))
      .map((module) => `${relative(ROOT, join(__dirname, file))}: ${module}`);
  });
}

describe("The harness", () => {
  it("imports nothing of the product and its tests but what the build does to the pack's README", () => {
    expect(importsFromOutside()).to.deep.equal(["harness/in-process.ts: ../scripts/readme-links.mjs"]);
  });
});
