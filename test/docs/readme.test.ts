import path from "node:path";
import { expect } from "chai";
import { workspace } from "../engine";
import { expectSection } from "./section";

const ROOT = path.resolve(__dirname, "../..");

describe("The README", () => {
  it("shows what a blocked preview really prints", async () => {
    const stack = await workspace("lifecycle");
    try {
      const { code, stdout } = await stack.preview({ packs: [ROOT], env: { NO_BLOCK: "true" } });
      expect(code).to.equal(1);
      const shown = /^Policies:\n(?:.+\n)+/m
        .exec(stdout)?.[0]
        .replace(ROOT, "node_modules/s3-public-access-block");
      await expectSection("README.md", "blocked preview", `\`\`\`text\n${shown ?? ""}\`\`\``);
    } finally {
      await stack.remove();
    }
  });
});
