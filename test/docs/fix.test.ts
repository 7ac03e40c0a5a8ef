import { USAGE } from "../../cli/fix/args";
import { expectSection } from "./section";

describe("The page on fixing a program", () => {
  it("shows the options that there are", async () => {
    await expectSection("docs/fix.md", "options", `\`\`\`text\n${USAGE}\n\`\`\``);
  });
});
