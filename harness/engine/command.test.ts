import { expect } from "chai";
import { run } from "./command";
import { needsEngine } from "./needs-engine";

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("A command", () => {
  needsEngine();
  it("that can't be started says why, and leaves no timer that would keep this process waiting", async () => {
    await new Promise((done) => setImmediate(done)); // Until the test's own timer is there.
    const before = timers();
    const { code, stderr } = await run("/no/such/command", [], { limitMs: 60_000 });
    expect([code, stderr, timers()]).to.deep.equal([-1, "spawn /no/such/command ENOENT", before]);
  });

  it("that takes longer than it may is killed", async () => {
    const { code, stderr } = await run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      limitMs: 500,
    });
    expect([code, stderr]).to.deep.equal([-1, `\n${process.execPath} was ended by SIGKILL\n`]);
  });
});
