import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { buildName, builtCli, chosenPin, goForBuild } from "./build";
import { findCli, sources } from "./cli";
import type { Cli, Maker, Sources } from "./cli";
import { environment } from "./environment";
import { locked } from "./files";

interface Search {
  readonly executables: string[];
  readonly fails?: Fails;
  readonly found: Partial<Cli>;
  readonly asked?: string[];
}
type Fails = Partial<Record<Maker["origin"], string>>;

/** A machine with these executables, whose makers make the CLI, or fail with these words. */
function machine(executables: string[], fails: Fails): { from: Sources; asked: string[] } {
  const there = new Set(executables);
  const asked: string[] = [];
  const maker = (origin: Maker["origin"]): Maker => ({
    origin,
    made: `/cache/${origin}/pulumi`,
    make: () => {
      asked.push(origin);
      if (fails[origin] !== undefined) return Promise.reject(new Error(fails[origin]));
      there.add(`/cache/${origin}/pulumi`);
      return Promise.resolve();
    },
  });
  const version: Sources["version"] = (file) =>
    Promise.resolve(
      file.startsWith("/opt")
        ? { code: 1, stdout: "", stderr: "exec format error" }
        : { code: 0, stdout: "v3.259.0\n", stderr: "" },
    );
  const makers = [maker("installed"), maker("built")];
  const isExecutable = (file: string) => there.has(file);
  return { from: { path: ["/usr/bin", "/opt/bin"], makers, isExecutable, version }, asked };
}

describe("The search for a Pulumi CLI", () => {
  const searches = parse(readFileSync(join(__dirname, "searches.yaml"), "utf8")) as Record<string, Search>;
  for (const [title, { executables, fails = {}, found, asked: wanted = [] }] of Object.entries(searches))
    it(title, async () => {
      const { from, asked } = machine(executables, fails);
      const languageHost = undefined;
      expect(await findCli(from, () => undefined)).to.deep.equal({ languageHost, ...found, version: "v3.259.0" });
      expect(asked).to.deep.equal(wanted);
    });

  it("ends with one message that names what was tried and what to install", async () => {
    const { from } = machine(["/opt/bin/pulumi"], { installed: "no network", built: "no go" });
    const error: unknown = await findCli(from, () => undefined).catch((caught: unknown) => caught);
    const [, ...lines] = (error as Error).message.split("\n");
    expect(lines.slice(0, 3)).to.deep.equal([
      "  - /opt/bin/pulumi does not run: exec format error",
      "  - no network",
      "  - no go",
    ]);
    expect(lines[3]).to.match(/^Install the Pulumi CLI and put it on PATH/);
    expect(lines[3]).to.contain(`install Go ${goForBuild()} or newer`);
  });
});

describe("The two CLIs that are pinned", () => {
  const before = process.env.TEST_ENGINE ?? "";
  const built = (pin: string) => {
    process.env.TEST_ENGINE = pin;
    return basename(dirname(builtCli()));
  };
  afterEach(() => (process.env.TEST_ENGINE = before));

  it("are the newest, and an older one that TEST_ENGINE asks for", () => {
    expect([{}, { TEST_ENGINE: "older" }].map(chosenPin)).to.deep.equal(["newest", "older"]);
    expect(() => chosenPin({ TEST_ENGINE: "old" })).to.throw("is old, and may be newest or older");
    expect(built("newest")).to.not.equal(built("older"));
  });

  it("are built anew when go.mod or go.sum changes", () => {
    const goMod = "require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.259.0 // indirect\n)\n";
    const names = [buildName(goMod, ""), buildName(`${goMod}\n`, ""), buildName(goMod, "\n")];
    expect(new Set(names).size).to.equal(3);
    expect(names[0]).to.match(/^v3\.259\.0-[0-9a-f]{12}$/);
  });

  it("can be replaced by one of this machine only where the newest is asked for", () => {
    for (const [pin, origins] of [
      ["newest", ["installed", "built"]],
      ["older", ["built"]],
    ] as const) {
      process.env.TEST_ENGINE = pin;
      const { makers, path } = sources();
      const found = [makers.map(({ origin }) => origin), path.length > 0];
      expect(found).to.deep.equal([origins, pin === "newest"]);
    }
  });
});

describe("The lock", () => {
  let lock: string;
  beforeEach(() => (lock = join(mkdtempSync(join(tmpdir(), "lock-")), "lock")));
  afterEach(() => {
    rmSync(dirname(lock), { recursive: true });
  });

  it("lets one in at a time, and the next one also after work that failed", async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} in`);
      await sleep(50);
      log.push(`${name} out`);
      throw new Error(name);
    };
    const both = ["first", "second"].map((name) => locked(lock, work(name)));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(log).to.deep.equal(["first in", "first out", "second in", "second out"]);
  });

  it("is free when its owner has died", async () => {
    writeFileSync(lock, "99999999"); // Greater than any process id of Linux or macOS.
    expect(await locked(lock, () => Promise.resolve("in"))).to.equal("in");
  });
});

describe("The environment of a run", () => {
  it("has the plugins first, no setting of the user's, and downloads no plugin", () => {
    const user = { PATH: "/usr/bin", HOME: "/home/u", PULUMI_ACCESS_TOKEN: "t", AWS_PROFILE: "p" };
    const env = environment(user, ["/plugins", "/cli"]);
    expect(env).to.include({ PATH: "/plugins:/cli:/usr/bin", HOME: "/home/u" });
    expect(env).to.include({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" });
    expect(env).to.not.have.any.keys("PULUMI_ACCESS_TOKEN", "AWS_PROFILE");
  });
});
