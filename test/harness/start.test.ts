import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./engine/command";
import { ROOT } from "./engine/paths";

describe("npm start", () => {
  it("shows both verdicts under mocks where there is no CLI, before it looks for one", async () => {
    const PATH = mkdtempSync(join(tmpdir(), "without-tools-"));
    const found = new AbortController();
    const { stdout, stderr } = await run(process.execPath, ["--require", "tsx/cjs", "test/harness/start.ts"], {
      ...{ cwd: ROOT, env: { PATH }, signal: found.signal },
      started: (start) =>
        start.stdout?.on("data", (text: Buffer) => {
          if (text.includes("Looking for a Pulumi CLI")) found.abort();
        }),
    });
    rmSync(PATH, { recursive: true });
    const [mocked = "", ...after] = stdout.split("Looking for a Pulumi CLI");
    expect(after, stderr).to.have.length(1);
    const verdicts = mocked.split("\n").filter((line) => /^\S+ (The reference|A program)/.test(line));
    expect(verdicts).to.deep.equal([
      "✔ The reference stack: passed",
      "✔ A program that leaves buckets open: blocked, for 4 reasons",
    ]);
    const open = [...mocked.matchAll(/- Bucket '(\w+)' can be opened to the public/g)].map(([, name]) => name);
    expect(open.sort()).to.deep.equal(["leftOut", "mixedUp", "noBlock", "oneOff"]);
  });
});
