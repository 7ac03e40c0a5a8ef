import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { outputOf, run, runSync } from "./command";
import type { SyncOptions } from "./command";
import { isAlive } from "./files";
import { ROOT } from "./paths";

const NODE = process.execPath;
const HANGS = "setInterval(() => {}, 1000)";
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

describe("A command", () => {
  it("that can't be started says why, and leaves no timer that would keep this process waiting", async () => {
    await new Promise((done) => setImmediate(done)); // Until the test's own timer is there.
    const before = timers();
    const { code, stderr } = await run("/no/such/command", [], { limitMs: 60_000 });
    expect([code, stderr, timers()]).to.deep.equal([-1, "spawn /no/such/command ENOENT", before]);
    expect(() => outputOf("/no/such/command", ["it"])).to.throw(
      "/no/such/command it failed: spawnSync /no/such/command ENOENT",
    );
  });

  it("is killed when it takes longer than it may; interrupted by its signal, it may end as it likes", async () => {
    for (const way of [run, runSync]) {
      const { code, stderr } = await way(NODE, ["-e", HANGS], { limitMs: 500 });
      expect([code, stderr]).to.deep.equal([-1, `\n${NODE} was ended by SIGKILL\n`]);
    }
    const abort = new AbortController();
    const script = `process.on("SIGINT", () => { console.log("interrupted"); process.exit(7); }); ${HANGS}; console.log("up");`;
    const finished = await run(NODE, ["-e", script], {
      signal: abort.signal,
      started: ({ stdout }) =>
        stdout?.once("data", () => {
          abort.abort();
        }),
    });
    expect(finished).to.deep.equal({ code: 7, stdout: "up\ninterrupted\n", stderr: "" });
  });

  it("has its exit code, both outputs to the last newline, and the environment and input that it was given", async () => {
    const script = 'cat; printf "%s\\n" "$A$HOME"; printf "\\033[1mb\\n\\n" >&2; exit 3';
    const options: SyncOptions = { env: { A: "a", PATH: process.env.PATH ?? "" }, input: "in\n" };
    for (const way of [run, runSync]) {
      const plain = { code: 3, stdout: "in\na\n", stderr: "b\n\n" };
      expect(await way("sh", ["-c", script], options)).to.deep.equal(plain);
      const { stderr } = await way("sh", ["-c", script], { ...options, keepColors: true });
      expect(stderr).to.equal("\u001b[1mb\n\n");
      expect((await way("cat", [], { limitMs: 10_000 })).code, "without input").to.equal(0);
    }
  });

  for (const end of ["process.exit()", 'process.kill(process.pid, "SIGTERM")']) {
    it(`doesn't outlive the process that started it, when that ends by ${end}`, async () => {
      const source = `const { run, start } = require("./test/harness/engine/command");
        const hang = [process.execPath, ["-e", ${JSON.stringify(HANGS)}]];
        console.log(start(...hang).pid);
        run(...hang, { started: ({ pid }) => console.log(pid) });
        run("sh", ["-c", "cat; kill $$"], { group: true, started: ({ pid }) => console.log(pid) });
        setTimeout(() => ${end}, 200);`;
      const { stdout } = await run(NODE, ["--require", "tsx/cjs", "-e", source], { cwd: ROOT });
      const pids = stdout.split("\n").filter(Boolean).map(Number);
      expect(pids).to.have.length(3);
      for (let wait = 0; wait < 50 && pids.some(isAlive); wait += 1) await sleep(100);
      expect(pids.filter(isAlive)).to.deep.equal([]);
    });
  }
});
