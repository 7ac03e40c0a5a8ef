import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  builtCli,
  buildName,
  chosenPin,
  goForBuild,
  outdatedBuilds,
  pinnedVersion,
  requiredGo,
} from "./build";
import { findCli, sources } from "./cli";
import type { Maker, Sources } from "./cli";
import { environment } from "./environment";
import { locked } from "./lock";

/** A machine with these executables, whose makers make what they are told to, or fail. */
function machine(executables: string[], makers: Partial<Record<Maker["origin"], string>> = {}) {
  const there = new Set(executables);
  const asked: string[] = [];
  const maker = (origin: Maker["origin"]): Maker => ({
    origin,
    made: `/cache/${origin}/pulumi`,
    make: () => {
      asked.push(origin);
      const reason = makers[origin];
      if (reason !== undefined) return Promise.reject(new Error(reason));
      there.add(`/cache/${origin}/pulumi`);
      return Promise.resolve();
    },
  });
  const from: Sources = {
    path: ["/usr/bin", "/opt/bin"],
    makers: [maker("installed"), maker("built")],
    isExecutable: (file) => there.has(file),
    version: (file) =>
      Promise.resolve(
        file.startsWith("/opt")
          ? { code: 1, stdout: "", stderr: "exec format error" }
          : { code: 0, stdout: "v3.259.0\n", stderr: "" },
      ),
  };
  return { from, asked };
}

const silent = () => undefined;
const find = ({ from }: { from: Sources }) => findCli(from, silent);

describe("The search for a Pulumi CLI", () => {
  it("takes the one on PATH, with the language host beside it", async () => {
    const here = machine(["/usr/bin/pulumi", "/usr/bin/pulumi-language-nodejs", "/cache/built/pulumi"]);
    expect(await find(here)).to.deep.equal({
      pulumi: "/usr/bin/pulumi",
      version: "v3.259.0",
      origin: "path",
      languageHost: "/usr/bin",
    });
    expect(here.asked).to.deep.equal([]);
  });

  it("takes the one on PATH without a language host, which is then this project's", async () => {
    expect(await find(machine(["/usr/bin/pulumi"]))).to.deep.equal({
      pulumi: "/usr/bin/pulumi",
      version: "v3.259.0",
      origin: "path",
      languageHost: undefined,
    });
  });

  it("takes one that was built before, and tries no download then", async () => {
    const here = machine(["/cache/built/pulumi", "/cache/built/pulumi-language-nodejs"]);
    expect(await find(here)).to.include({
      pulumi: "/cache/built/pulumi",
      origin: "built",
      languageHost: undefined,
    });
    expect(here.asked).to.deep.equal([]);
  });

  it("passes over one on PATH that does not run, and installs one", async () => {
    const here = machine(["/opt/bin/pulumi"]);
    expect(await find(here)).to.include({ pulumi: "/cache/installed/pulumi", origin: "installed" });
    expect(here.asked).to.deep.equal(["installed"]);
  });

  it("builds one when none can be downloaded", async () => {
    const here = machine([], { installed: "no network" });
    expect(await find(here)).to.include({ pulumi: "/cache/built/pulumi", origin: "built" });
    expect(here.asked).to.deep.equal(["installed", "built"]);
  });

  it("ends with one message that names what was tried and what to install", async () => {
    const here = machine(["/opt/bin/pulumi"], { installed: "no network", built: "no go" });
    const error: unknown = await find(here).catch((caught: unknown) => caught);
    expect((error as Error).message.split("\n")).to.deep.equal([
      "The Pulumi CLI is needed and could not be found, installed or built.",
      "  - /opt/bin/pulumi does not run: exec format error",
      "  - no network",
      "  - no go",
      `Install the Pulumi CLI and put it on PATH (https://www.pulumi.com/docs/install/), or install Go ${goForBuild()} or newer,`,
      "with which it is built from the Go module proxy. Then run this again.",
    ]);
  });
});

describe("A build of the Pulumi CLI", () => {
  const goMod = "require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.259.0 // indirect\n)\n";

  it("is of the version in go.mod", () => {
    expect(pinnedVersion(goMod)).to.equal("v3.259.0");
    expect(() => pinnedVersion("module m\n")).to.throw("does not require github.com/pulumi/pulumi/pkg/v3");
  });

  it("needs the Go that go.mod asks for", () => {
    expect(requiredGo("module m\n\ngo 1.26.6\n\nrequire (\n)\n")).to.equal("1.26.6");
    expect(() => requiredGo(goMod)).to.throw("names no version of Go");
  });

  it("is another one when go.mod or go.sum changes", () => {
    const names = [buildName(goMod, ""), buildName(`${goMod}\n`, ""), buildName(goMod, "\n")];
    expect(new Set(names).size).to.equal(3);
    expect(names[0]).to.equal(buildName(goMod, ""));
    expect(names[0]).to.match(/^v3\.259\.0-[0-9a-f]{12}$/);
  });
});

describe("The two CLIs that are pinned", () => {
  const before = process.env.TEST_ENGINE;
  const setting = (value: string | undefined) => {
    if (value === undefined) delete process.env.TEST_ENGINE;
    else process.env.TEST_ENGINE = value;
  };
  const built = (value: string) => {
    setting(value);
    return basename(dirname(builtCli()));
  };
  afterEach(() => {
    setting(before);
  });

  it("are the newest, and an older one that TEST_ENGINE asks for", () => {
    expect(chosenPin({})).to.equal("newest");
    expect(chosenPin({ TEST_ENGINE: "" })).to.equal("newest");
    expect(chosenPin({ TEST_ENGINE: "older" })).to.equal("older");
    expect(() => chosenPin({ TEST_ENGINE: "old" })).to.throw(
      "TEST_ENGINE is old, and may be newest or older",
    );
    expect(built("newest")).to.not.equal(built("older"));
  });

  it("are both kept when one is built, and what neither go.mod describes is removed", () => {
    const outdated = "v3.200.0-0123456789ab";
    const kept = [built("newest"), built("older"), "workspaces", "v3.200.0", "v3.200.0-0123456789ab.lock"];
    for (const pin of ["newest", "older"]) {
      setting(pin);
      expect(outdatedBuilds([...kept, outdated])).to.deep.equal([outdated]);
    }
  });

  it("can be replaced by one of this machine only where the newest is asked for", () => {
    setting("newest");
    expect(sources().makers.map(({ origin }) => origin)).to.deep.equal(["installed", "built"]);
    expect(sources().path).to.not.deep.equal([]);
    setting("older");
    expect(sources().makers.map(({ origin }) => origin)).to.deep.equal(["built"]);
    expect(sources().path).to.deep.equal([]);
  });
});

describe("The lock", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("lets one in at a time", async () => {
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} in`);
      await sleep(50);
      log.push(`${name} out`);
    };
    const lock = join(folder, "lock");
    await Promise.all([locked(lock, work("first")), locked(lock, work("second"))]);
    expect(log).to.deep.equal(["first in", "first out", "second in", "second out"]);
  });

  it("is free when its owner has died", async () => {
    // Greater than any process id of Linux or macOS.
    writeFileSync(join(folder, "lock"), "99999999");
    expect(await locked(join(folder, "lock"), () => Promise.resolve("in"))).to.equal("in");
  });

  it("is free again after work that failed", async () => {
    const lock = join(folder, "lock");
    const failed: unknown = await locked(lock, () => Promise.reject(new Error("failed"))).catch(
      (e: unknown) => e,
    );
    expect((failed as Error).message).to.equal("failed");
    expect(await locked(lock, () => Promise.resolve("in"))).to.equal("in");
  });
});

describe("The environment of a run", () => {
  it("has the plugins first on PATH and none of the user's Pulumi and AWS settings", () => {
    const user = { PATH: "/usr/bin", HOME: "/home/u", PULUMI_ACCESS_TOKEN: "t", AWS_PROFILE: "p" };
    const env = environment(user, ["/plugins", "/cli"], true);
    expect(env).to.include({ PATH: "/plugins:/cli:/usr/bin", HOME: "/home/u" });
    expect(env).to.not.have.any.keys("PULUMI_ACCESS_TOKEN", "AWS_PROFILE");
  });

  it("forbids the download of plugins only when all plugins are there", () => {
    const forbidden = (complete: boolean) =>
      environment({}, [], complete).PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION;
    expect([forbidden(true), forbidden(false)]).to.deep.equal(["true", undefined]);
  });
});
