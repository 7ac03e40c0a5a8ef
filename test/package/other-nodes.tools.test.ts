import { delimiter, join } from "node:path";

import { expect } from "chai";

import { needsEngine } from "../harness/engine/needs-engine";
import { run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { gate, repository } from "../cli/gate/gate";
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
      await Promise.all([open.remove(), locked.remove()]);
      expect([blocked.code, passed.code], blocked.stderr + passed.stderr).to.deep.equal([1, 0]);
      expect(blocked.stdout).to.match(/^- infra\/.*:\d+:\d+ \[mandatory\] Bucket /m);
    });

    const [major = ""] = version.split(".");
    if (process.version.startsWith(`v${major}.`)) return; // The tests themselves run on it.
    it("the quick loop passes, with every test that it has here", async () => {
      const quickLoop = async (env: NodeJS.ProcessEnv, ...more: string[]): Promise<number> => {
        const args = ["run", "--silent", "test:unit", "--", "--reporter", "dot", ...more];
        const { code, stdout, stderr } = await run("npm", args, { cwd: ROOT, env });
        expect(code, stdout.slice(-3000) + stderr).to.equal(0);
        return Number(/(\d+) passing/.exec(stdout)?.[1]);
      };
      const all = await quickLoop(process.env, "--no-parallel", "--dry-run");
      expect(await quickLoop({ ...process.env, PATH: [bin, process.env.PATH].join(delimiter) })).to.equal(all);
    });
  });
}
