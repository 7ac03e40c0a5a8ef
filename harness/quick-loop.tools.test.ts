import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "./engine/command";
import type { Finished } from "./engine/command";
import { ROOT } from "./engine/paths";

/** The tools that would be looked for; each is replaced by one that leaves a trace. */
const TOOLS = ["pulumi", "go"];

describe("Tests that need no engine", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "witness-"));
    env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    for (const tool of TOOLS) {
      const script = `#!/bin/sh\ntouch ${join(folder, "seen")}-${tool}\nexit 1\n`;
      writeFileSync(join(folder, tool), script, { mode: 0o755 });
    }
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** In it pulumi and go are witnesses that don't work. */
  let env: NodeJS.ProcessEnv;
  const mocha = (...args: string[]): Promise<Finished> =>
    run(process.execPath, [join(ROOT, "node_modules/mocha/bin/mocha.js"), "--no-color", ...args], {
      cwd: ROOT,
      env,
    });
  const seen = (): string[] => TOOLS.filter((tool) => existsSync(join(folder, `seen-${tool}`)));

  it("look for none: npm run test:unit", async function () {
    this.timeout("5m"); // Seconds, on a machine that does nothing else.
    const { code, stdout, stderr } = await run("npm", ["run", "--silent", "test:unit"], { cwd: ROOT, env });
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/[1-9]\d\d+ passing/);
    expect(seen()).to.deep.equal([]);
  });

  it("look for none when they are picked by --grep, beside tests that do", async () => {
    const files = ["harness/engine/engine.test.ts", "harness/engine/cli.test.ts"];
    const { code, stdout, stderr } = await mocha(...files, "--grep", "^The search for a Pulumi CLI");
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.match(/[1-9]\d* passing/);
    expect(seen()).to.deep.equal([]);
  });

  it("would be seen looking for one", async () => {
    const probe =
      'require("./harness/engine/cli").sources().version("pulumi").then(({ code }) => console.log(code))';
    const { stdout } = await run(process.execPath, ["--require", "tsx/cjs", "-e", probe], {
      cwd: ROOT,
      env,
    });
    expect([stdout, seen()]).to.deep.equal(["1\n", ["pulumi"]]);
  });
});
