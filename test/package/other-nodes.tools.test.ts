import { readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { expect } from "chai";

import { needsEngine } from "../harness/engine/needs-engine";
import { run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { gate, repository } from "../cli/gate/gate";
import { tempFolder } from "../temp-folder";
import { nodeFolder } from "./pack";

// consumer.tools.test.ts starts the pack on each.
for (const version of ["20.19.0", "22", "24"]) {
  describe(`On Node.js ${version}`, function () {
    needsEngine();
    this.timeout(300_000);
    let bin: string;
    before(async () => {
      bin = await nodeFolder(version);
    });

    it("the gate blocks an open bucket, on its line, and passes a locked one", async () => {
      const node = join(bin, "node");
      const [open, locked] = await Promise.all([repository("gate-shop"), repository("gate-locked")]);
      const blocked = await gate(open, [], { node });
      const passed = await gate(locked, [], { node });
      expect([blocked.code, passed.code], blocked.stderr + passed.stderr).to.deep.equal([1, 0]);
      expect(blocked.stdout).to.match(/^- infra\/.*:\d+:\d+ \[mandatory\] Bucket /m);
    });

    it("the quick loop passes, with every test that it has here, and looks for no CLI and no Go", async () => {
      const quickLoop = async (env: NodeJS.ProcessEnv, ...more: string[]): Promise<number> => {
        const args = ["run", "--silent", "test:unit", "--", "--reporter", "dot", ...more];
        const { code, stdout, stderr } = await run("npm", args, { cwd: ROOT, env });
        expect(code, stdout.slice(-3000) + stderr).to.equal(0);
        return Number(/(\d+) passing/.exec(stdout)?.[1]);
      };
      const all = await quickLoop(process.env, "--no-parallel", "--dry-run");
      // Each of these leaves a trace when it is run.
      const tools = tempFolder("tools");
      for (const tool of ["go", "pulumi"])
        writeFileSync(join(tools, tool), `#!/bin/sh\ntouch "$0-seen"\nexit 1\n`, { mode: 0o755 });
      const env = { ...process.env, PATH: [tools, bin, process.env.PATH].join(delimiter) };
      expect(await quickLoop(env)).to.equal(all);
      expect(readdirSync(tools)).to.deep.equal(["go", "pulumi"]);
      const search = 'require("./test/harness/engine/cli").sources().version("pulumi")';
      await run(join(bin, "node"), ["--require", "tsx/cjs", "-e", search], { cwd: ROOT, env });
      expect(readdirSync(tools)).to.deep.equal(["go", "pulumi", "pulumi-seen"]);
    });
  });
}
