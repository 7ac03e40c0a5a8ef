import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "./engine/command";
import { ROOT } from "./engine/paths";

describe("Tests that need no engine", () => {
  let folder: string;
  /** In it pulumi and go are witnesses that don't work: each leaves a trace. */
  let env: NodeJS.ProcessEnv;
  const TOOLS = ["pulumi", "go"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "witness-"));
    env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    for (const tool of TOOLS)
      writeFileSync(join(folder, tool), `#!/bin/sh\ntouch "$0-seen"\nexit 1\n`, { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const seen = (): string[] => TOOLS.filter((tool) => existsSync(join(folder, `${tool}-seen`)));

  const search = ["engine", "cli"].map((name) => `test/harness/engine/${name}.test.ts`);
  for (const [title, command, ...args] of [
    ["npm run test:unit", "npm", "run", "--silent", "test:unit"],
    ["those picked by --grep", "npx", "mocha", ...search, "--grep", "^The search for a Pulumi CLI"],
  ] as [string, string, ...string[]][]) {
    it(`look for none: ${title}`, async function () {
      this.timeout("5m"); // Seconds, on a machine that does nothing else.
      const { code, stdout, stderr } = await run(command, args, { cwd: ROOT, env });
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout).to.match(/[1-9]\d* passing/);
      expect(seen()).to.deep.equal([]);
    });
  }

  it("would be seen looking for one", async () => {
    const probe = 'require("./test/harness/engine/cli").sources().version("pulumi")';
    await run(process.execPath, ["--require", "tsx/cjs", "-e", probe], { cwd: ROOT, env });
    expect(seen()).to.deep.equal(["pulumi"]);
  });
});
