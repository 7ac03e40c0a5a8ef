import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { matchesGlob } from "../../../cli/audit/backend";
import { CLI, jobless } from "../gate/gate";
import { schemaErrors } from "../report/sarif-schema";
import { bucket as declared } from "../../programs/resources";
import { type DataResource, engine, workspace, type Workspace } from "../../harness/engine";
import { run, type Finished } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";
import { stackOf, website } from "./audits";
import { block, bucket, checkpoint, provider, type Place } from "./states";

/** `s3-public-access-block audit`, as it is built. */
const audit = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
  run(process.execPath, [CLI, "audit", ...args], { cwd, env: { ...jobless(process.env), ...env }, keepColors: true });

const last = ({ stdout }: Finished): string => stdout.trimEnd().split("\n").at(-1) ?? "";
describe("s3-public-access-block audit", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "audit-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");

  it("evaluates an exported state without a CLI, and writes every report", async () => {
    write("prod.json", website());
    mkdirSync(join(folder, "out"));
    const kinds = ["summary", "html", "sarif", "json", "csv"];
    const reports = kinds.flatMap((kind) => [`--${kind}`, `out/${kind}`]);
    const outcome = await audit(folder, ["--file", "prod.json", ...reports], { PATH: folder });
    expect([outcome.code, last(outcome), outcome.stderr]).to.deep.equal([
      1,
      "2 findings would block 1 of 1 stack with 3 buckets.",
      "",
    ]);
    const log = JSON.parse(read("out/sarif")) as {
      runs: [{ automationDetails: { id: string }; results: { locations: object[] }[] }];
    };
    expect(schemaErrors(log)).to.deep.equal([]);
    const [{ automationDetails, results }] = log.runs;
    expect([automationDetails.id, results.length]).to.deep.equal(["s3-public-access-block/Pulumi.yaml/audit/", 2]);
    expect(JSON.stringify(results)).to.include('"uri":"src/site.ts","uriBaseId":"SRCROOT"');
    expect(kinds.map((kind) => read(`out/${kind}`).split("\n", 1)[0]?.slice(0, 16))).to.deep.equal([
      "## ❌ 2 of 3 buck",
      "<!DOCTYPE html>",
      "{",
      "{",
      "stack,kind,polic",
    ]);
  });

  describe("on a terminal", () => {
    /** Both streams of the command, on a pseudo-terminal that script(1) of util-linux makes. */
    const onTerminal = async (env: NodeJS.ProcessEnv): Promise<Finished> => {
      write("prod.json", website());
      const command = `'${process.execPath}' '${CLI}' audit --file prod.json`;
      const own = { ...jobless(process.env), TERM: "xterm", ...env };
      return run("script", ["-qec", command, "/dev/null"], { cwd: folder, env: own, keepColors: true });
    };
    const ESCAPE = "\u001b";
    const COLORS = new RegExp(`${ESCAPE}\\[\\d+m`);

    it("has colors, and a bar that goes away", async () => {
      const { code, stdout } = await onTerminal({});
      expect([code, stdout.includes("\u001b[31mBlocking: Bucket can be opened")], stdout).to.deep.equal([1, true]);
      expect(stdout).to.include(`1/1 prod.json\r${ESCAPE}[K`);
    });

    it("has none with NO_COLOR, nor has what isn't a terminal", async () => {
      const { stdout } = await onTerminal({ NO_COLOR: "1" });
      expect(stdout).to.include("Blocking: Bucket can be opened").and.not.match(COLORS);
      const piped = await audit(folder, ["--file", "prod.json"], { TERM: "xterm" });
      expect(piped.stdout).to.include("Blocking: Bucket can be opened").and.not.match(COLORS);
      expect(piped.stderr).to.equal("");
    });
  });

  it("names what can't be read, evaluates the rest, and ends with 2", async () => {
    write("a.json", website());
    write("b.json", '{"version": 3, "deployment"');
    write("c.json", gzipSync(website()).subarray(0, 50));
    symlinkSync("nothing", join(folder, "d.json"));
    write("e.json.gz", checkpoint([provider(), bucket("data")]));
    const outcome = await audit(folder, ["--file", "."]);
    expect([outcome.code, last(outcome)]).to.deep.equal([
      2,
      "3 findings would block 2 of 2 stacks with 4 buckets; 3 stacks could not be read.",
    ]);
    expect(outcome.stdout).to.include("  - b.json\n      it is not JSON, or is cut short.");
    expect(outcome.stdout).to.include("  - c.json\n      it can't be unpacked: unexpected end of file");
    expect(outcome.stdout).to.include("  - d.json\n      it is a link to a file that isn't there");
  });

  const refused: [string, string[], string][] = [
    ["a folder has no state", ["--file", "."], "there is no state in .: no file NAME.json"],
    ["nothing is asked for", [], "nothing to audit"],
    ["there is no such configuration", ["--file", "x", "--config", "c.json"], "there is no file"],
  ];
  for (const [title, args, message] of refused) {
    it(`says what is wrong and ends with 2 if ${title}`, async () => {
      const outcome = await audit(folder, args);
      expect([outcome.code, outcome.stdout, outcome.stderr.includes(message)]).to.deep.equal([2, "", true]);
    });
  }

  it("takes no earlier report for its own", async () => {
    write("r.html", "an earlier one");
    const outcome = await audit(folder, ["--all", "--html", "r.html"], { PATH: folder });
    expect([outcome.code, existsSync(join(folder, "r.html"))]).to.deep.equal([2, false]);
    expect(outcome.stderr).to.equal(
      "there is no pulumi on the PATH. Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or give exported states with --file\n",
    );
  });

  it("refuses a configuration with mistakes, all at once, and evaluates nothing by it", async () => {
    write("prod.json", website());
    write("config.json", '{"all": "advisry", "s3": "advisory"}');
    const outcome = await audit(folder, ["--file", "prod.json", "--config", "config.json"]);
    expect([outcome.code, outcome.stdout]).to.deep.equal([2, ""]);
    expect(outcome.stderr).to.match(
      /config\.json is not valid:\n {2}s3: there is no such policy.*\n {2}all: "advisry" is not/s,
    );
  });

  it("replaces no baseline unasked", async () => {
    write("prod.json", website());
    write("baseline.json", "{}");
    const args = ["--file", "prod.json", "--baseline", "baseline.json"];
    const refusal = await audit(folder, args);
    expect([refusal.code, read("baseline.json")]).to.deep.equal([2, "{}"]);
    expect(refusal.stderr).to.include("baseline.json is there already: give it as --config, too");
    const forced = await audit(folder, [...args, "--config", "baseline.json", "--force", "--expires", "2999-01-01"]);
    expect([forced.code, last(forced)]).to.deep.equal([
      0,
      `Wrote 3 exemptions until 2999-01-01 to ${join(folder, "baseline.json")}.`,
    ]);
    const next = await audit(folder, ["--file", "prod.json", "--config", "baseline.json"]);
    expect([next.code, last(next)]).to.deep.equal([0, "Nothing blocks in 1 stack with 3 buckets."]);
  });

  it("writes a baseline of what could be read, and says what is not in it", async () => {
    write("a.json", website());
    write("b.json", "{");
    mkdirSync(join(folder, "out"));
    const outcome = await audit(folder, ["--file", ".", "--baseline", "out/baseline.json"]);
    expect([outcome.code, last(outcome)]).to.deep.equal([
      2,
      "The stacks that could not be read have no exemptions in it.",
    ]);
    expect(read("out/baseline.json")).to.include("urn:pulumi:prod::website::aws:s3/bucket:Bucket::site");
  });
});

describe("s3-public-access-block audit of a backend", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "audit-"));
    const { env: base } = await engine();
    const state = join(folder, "state");
    const stacks: [Place, string][] = [
      [{ project: "website", stack: "prod" }, "website"],
      [{ project: "website", stack: "dev" }, "website"],
      [{ project: "shop", stack: "dev" }, "shop"],
    ];
    for (const [place, kind] of stacks) {
      const { project = "", stack = "" } = place;
      const exported =
        kind === "website"
          ? website(place)
          : stackOf(place, bucket("data", {}, place), block("lock", "data", {}, {}, place));
      const { deployment } = JSON.parse(exported) as { deployment: object };
      const manifest = { time: "2026-11-25T00:00:00Z", magic: "", version: "v3.259.0" };
      const latest = { ...deployment, manifest };
      mkdirSync(join(state, ".pulumi/stacks", project), { recursive: true });
      writeFileSync(
        join(state, ".pulumi/stacks", project, `${stack}.json`),
        JSON.stringify({ version: 3, checkpoint: { stack: `organization/${project}/${stack}`, latest } }),
      );
    }
    env = { ...base, PULUMI_HOME: join(state, ".pulumi") };
    // As `pulumi login --local` does in the user's own folder: the backend is where the CLI has its plugins and credentials.
    const login = await run("pulumi", ["login", `file://${state}`], { env });
    expect(login.code, login.stderr).to.equal(0);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const rows = ({ stdout }: Finished): string[] => (stdout.split("\n\n")[0] ?? "").split("\n").slice(1);

  it("exports and evaluates every stack, without a passphrase", async () => {
    const outcome = await audit(folder, ["--all"], env);
    expect([outcome.code, rows(outcome), outcome.stderr]).to.deep.equal([
      1,
      [
        "organization/website/dev         3         2         0       0",
        "organization/website/prod        3         2         0       0",
        "1 stack without a finding",
        "15 resources in all. Not evaluated: 2 resources that a program only reads.",
      ],
      "",
    ]);
  });

  it("reads the same stacks in its folder, without the CLI's own files and what has been", async () => {
    const home = join(folder, "state/.pulumi");
    expect(readdirSync(home)).to.include.members(["credentials.json", "meta.yaml"]);
    for (const each of ["history", "backups", "journal", "plugins"]) {
      mkdirSync(join(home, each));
      writeFileSync(join(home, each, "x.json"), checkpoint([bucket("old")]));
    }
    const outcome = await audit(folder, ["--file", "state/.pulumi/"], { PATH: folder });
    expect([outcome.code, last(outcome)]).to.deep.equal([1, "4 findings would block 2 of 3 stacks with 7 buckets."]);
  });

  it("evaluates the stacks that a glob names", async () => {
    const outcome = await audit(folder, ["--stack", "website/*", "--stack", "shop/d*", "--parallel", "1"], env);
    expect(last(outcome)).to.equal("4 findings would block 2 of 3 stacks with 7 buckets.");
    expect(last(await audit(folder, ["--stack", "prod"], env))).to.equal(
      "2 findings would block 1 of 1 stack with 3 buckets.",
    );
  });

  it("knows each stack by its whole name in a project's folder, too, where the CLI leaves a part out", async () => {
    const project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "Pulumi.yaml"), "name: website\nruntime: nodejs\n");
    expect(rows(await audit(project, ["--all"], env)).slice(0, 2)).to.deep.equal([
      "organization/website/dev         3         2         0       0",
      "organization/website/prod        3         2         0       0",
    ]);
    expect(last(await audit(project, ["--stack", "*/dev"], env))).to.equal(
      "2 findings would block 1 of 2 stacks with 4 buckets.",
    );
  });

  it("says so if no stack has such a name", async () => {
    const { code, stderr } = await audit(folder, ["--stack", "web*"], env);
    expect([code, stderr]).to.deep.equal([
      2,
      "no stack matches --stack web*. There are organization/shop/dev, organization/website/dev, organization/website/prod\n",
    ]);
  });

  it("says what to do if nobody is logged in, or one stack can't even be listed", async () => {
    const loggedOut = { ...env, PULUMI_HOME: join(folder, "empty") };
    const out = await audit(folder, ["--all"], loggedOut);
    expect([out.code, out.stderr.split("\n").at(-2)]).to.deep.equal([
      2,
      "Log in with `pulumi login`, or give exported states with --file",
    ]);
    const broken = join(folder, "broken");
    cpSync(join(folder, "state"), broken, { recursive: true });
    writeFileSync(join(broken, ".pulumi/stacks/shop/dev.json"), "{");
    const listed = await audit(folder, ["--all"], { ...env, PULUMI_BACKEND_URL: `file://${broken}` });
    expect([listed.code, listed.stderr.split("\n").at(-2)]).to.deep.equal([
      2,
      "Where one stack can't be read, give the backend's folder with --file: the others are evaluated then",
    ]);
    const read = await audit(folder, ["--file", "broken"]);
    expect([read.code, last(read)]).to.deep.equal([
      2,
      "4 findings would block 2 of 2 stacks with 6 buckets; 1 stack could not be read.",
    ]);
  });
});

describe("A glob for stacks", () => {
  const name = "acme/website/prod-eu";
  it("matches whole parts of a name, from any part on", () => {
    const matching = ["acme/website/prod-eu", "website/prod-eu", "prod-eu", "prod*", "*/prod-eu", "acme/**", "**"];
    const others = ["prod", "acme", "website", "acme/*", "eu", "prod-e.", "*/website/*/x"];
    expect([matching, others].map((globs) => globs.filter((glob) => matchesGlob(glob, name)))).to.deep.equal([
      matching,
      [],
    ]);
  });
});

const OPEN = [declared("data")];
const MORE = [...OPEN, declared("new")];

describe("A preview with a baseline", () => {
  let stack: Workspace;
  let folder: string;
  before(async () => {
    stack = await workspace({ name: "lifecycle", resources: OPEN });
    folder = mkdtempSync(join(tmpdir(), "audit-"));
  });
  after(async () => {
    await stack.remove();
    rmSync(folder, { recursive: true });
  });

  it("passes with notes for what is open, and is blocked by what is new", async () => {
    const up = await stack.up();
    expect(up.code, up.stdout + up.stderr).to.equal(0);
    const config = join(folder, "baseline.json");
    const audited = await audit(stack.dir, ["--all", "--baseline", config], stack.env);
    expect([audited.code, last(audited).slice(0, 20)]).to.deep.equal([0, "Wrote 1 exemption un"]);
    const preview = async (resources: DataResource[]) => {
      await stack.write(resources);
      return stack.preview({ packs: [ROOT], configs: [config] });
    };
    const old = await preview(OPEN);
    expect([old.code, old.violations.map(({ level, urn }) => [level, urn])], old.stdout).to.deep.equal([
      0,
      [["advisory", "urn:pulumi:dev::lifecycle::aws:s3/bucket:Bucket::data"]],
    ]);
    expect(old.violations[0]?.message).to.match(
      /^Exempt until \d{4}-\d\d-\d\d: Open when the policy became mandatory, found by the audit of \d{4}-\d\d-\d\d\n/,
    );
    const more = await preview(MORE);
    expect([
      more.code === 0,
      more.violations.map(({ level, urn }) => [level, urn.split("::").at(-1)]).sort(),
    ]).to.deep.equal([
      false,
      [
        ["advisory", "data"],
        ["mandatory", "new"],
      ],
    ]);
  });

  it("in the engine's form does so too, with a CLI that knows it, and is refused by an older one", async () => {
    const config = join(folder, "engine.json");
    const args = ["--all", "--baseline", config, "--baseline-format", "engine", "--expires", "2999-01-01"];
    const audited = await audit(stack.dir, args, stack.env);
    expect([audited.code, last(audited).slice(0, 20)]).to.deep.equal([0, "Wrote 1 exemption un"]);
    await stack.write(OPEN);
    const run = await stack.preview({ packs: [ROOT], configs: [config] });
    const { version } = await engine();
    const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
    const isKnown = major > 3 || minor >= 274;
    expect([run.code === 0, run.stdout.includes("[exempted]")], run.stdout + run.stderr).to.deep.equal([
      isKnown,
      isKnown,
    ]);
    await stack.write(MORE);
    const more = await stack.preview({ packs: [ROOT], configs: [config] });
    expect(more.code).to.not.equal(0);
  });
});
