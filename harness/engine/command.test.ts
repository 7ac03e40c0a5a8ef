import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { outputOf, run, runSync, start } from "./command";
import type { SyncOptions } from "./command";
import { ROOT } from "./paths";
import { isAlive } from "./processes";

const NODE = process.execPath;
const HANGS = "setInterval(() => {}, 1000)";
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

/** The process ids that a script prints, one a line, when it starts commands by `start` or `run` and then ends as given. */
async function startedBy(script: string): Promise<number[]> {
  const source = `const { run, start } = require("./harness/engine/command"); ${script}`;
  const { stdout } = await run(NODE, ["--require", "tsx/cjs", "-e", source], { cwd: ROOT });
  return stdout.split("\n").filter(Boolean).map(Number);
}

describe("A command", () => {
  it("that can't be started says why, and leaves no timer that would keep this process waiting", async () => {
    await new Promise((done) => setImmediate(done)); // Until the test's own timer is there.
    const before = timers();
    const { code, stderr } = await run("/no/such/command", [], { limitMs: 60_000 });
    expect([code, stderr, timers()]).to.deep.equal([-1, "spawn /no/such/command ENOENT", before]);
    expect(runSync("/no/such/command", []).stderr).to.equal("spawnSync /no/such/command ENOENT");
    expect(() => outputOf("/no/such/command", ["it"])).to.throw(
      "/no/such/command it failed: spawnSync /no/such/command ENOENT",
    );
  });

  it("that takes longer than it may is killed", async () => {
    for (const way of [run, runSync]) {
      const { code, stderr } = await way(NODE, ["-e", HANGS], { limitMs: 500 });
      expect([code, stderr]).to.deep.equal([-1, `\n${NODE} was ended by SIGKILL\n`]);
    }
  });

  it("is interrupted when its signal is aborted, and may end as it likes", async () => {
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
      expect(await way("sh", ["-c", script], options)).to.deep.equal({
        ...{ code: 3, stdout: "in\na\n", stderr: "b\n\n" },
      });
      const { stderr } = await way("sh", ["-c", script], { ...options, keepColors: true });
      expect(stderr).to.equal("\u001b[1mb\n\n");
    }
  });

  it("has an empty stdin where it is given no input", async () => {
    expect((await run("cat", [], { limitMs: 10_000 })).code).to.equal(0);
    expect(runSync("cat", [], { limitMs: 10_000 }).code).to.equal(0);
  });

  it("that runs beside the tests ends when it is killed", async () => {
    const beside = start(NODE, ["-e", HANGS]);
    beside.kill();
    expect((await beside).signal).to.equal("SIGKILL");
  });

  for (const [end, title] of [
    ["process.exit()", "ends"],
    ['process.kill(process.pid, "SIGTERM")', "is ended by a signal"],
  ] as const) {
    it(`doesn't outlive the process that started it, when that ${title}`, async () => {
      const pids = await startedBy(`
        const hang = [process.execPath, ["-e", ${JSON.stringify(HANGS)}]];
        console.log(start(...hang).pid);
        run(...hang, { started: ({ pid }) => console.log(pid) });
        run("sh", ["-c", "cat; kill $$"], { group: true, started: ({ pid }) => console.log(pid) });
        setTimeout(() => ${end}, 200);`);
      expect(pids).to.have.length(3);
      for (let wait = 0; wait < 50 && pids.some(isAlive); wait += 1) await sleep(100);
      expect(pids.filter(isAlive)).to.deep.equal([]);
    });
  }
});
