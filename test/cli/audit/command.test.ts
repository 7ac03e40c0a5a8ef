import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { matchesGlob } from "../../../cli/audit/backend";
import { CLI, jobless } from "../gate/gate";
import { sarifRuns } from "../report/read";
import { bucket as declared } from "../../programs/resources";
import { engine, workspace } from "../../harness/engine";
import { run, type Finished } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";
import { audit, checkpointOf, expectEnd, last, stackOf, website } from "./audits";
import { block, bucket, checkpoint, provider, type Place } from "./states";
import { tempFolder } from "../../temp-folder";

const OPEN = "2 findings would block 1 of 1 stack with 3 buckets.";

describe("s3-public-access-block audit", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("audit");
    write("prod.json", website());
    mkdirSync(join(folder, "out"));
  });
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  /** In the shell, with both streams on a pseudo-terminal that script(1) of util-linux makes, or as they are. */
  const inShell = (command: string, isTerminal = false, more: NodeJS.ProcessEnv = {}): Promise<Finished> => {
    const env = { ...jobless(process.env), TERM: "xterm", ...more };
    const line = command.replace("audit", `'${process.execPath}' '${CLI}' audit`);
    return isTerminal
      ? run("script", ["-qec", line, "/dev/null"], { cwd: folder, env, keepColors: true })
      : run("sh", ["-c", line], { cwd: folder, env, keepColors: true });
  };

  it("evaluates an exported state without a CLI, and writes every report", async () => {
    const kinds = ["summary", "html", "sarif", "json", "csv"];
    const reports = kinds.map((kind) => `--${kind} out/${kind}`).join(" ");
    const { code, stdout, stderr } = await audit(folder, `--file prod.json ${reports}`, { PATH: folder });
    expect([code, last({ code, stdout, stderr }), stderr]).to.deep.equal([1, OPEN, ""]);
    const [{ automationDetails, results }] = sarifRuns(read("out/sarif"));
    expect([automationDetails.id, results.length]).to.deep.equal(["s3-public-access-block/Pulumi.yaml/audit/", 2]);
    expect(JSON.stringify(results)).to.include('"uri":"src/site.ts","uriBaseId":"SRCROOT"');
    const starts = kinds.map((kind) => read(`out/${kind}`).slice(0, 14));
    expect(starts).to.deep.equal(["## ❌ 2 of 3 bu", "<!doctype html", starts[2], starts[3], "stack,kind,pol"]);
  });

  it("reads a state from stdin and writes a report to stdout, with its text on stderr", async () => {
    const { code, stdout, stderr } = await inShell("cat prod.json | audit --file - --json - --csv out/r.csv");
    const report = JSON.parse(stdout) as { exitCode: number; findings: { stack: string }[] };
    const stacks = report.findings.map(({ stack }) => stack);
    expect([code, report.exitCode, stacks]).to.deep.equal([1, 1, ["stdin", "stdin"]]);
    expect(stderr.trimEnd().split("\n").at(-1)).to.equal(OPEN);
    expect(read("out/r.csv").split("\r\n").length).to.equal(4);
  });

  it("prints nothing with --quiet, unless a state can't be read", async () => {
    const quiet = await audit(folder, "--file prod.json --quiet --baseline out/b.json");
    expect(quiet).to.deep.include({ code: 0, stdout: "", stderr: "" });
    expect(existsSync(join(folder, "out/b.json"))).to.equal(true);
    write("b.json", "{");
    const { code, stdout } = await audit(folder, "--file b.json --quiet");
    expect(code).to.equal(2);
    expect(stdout).to.include("  - b.json\n      it is not JSON, or is cut short.");
  });

  it("has colors on a terminal, and none with NO_COLOR or elsewhere", async () => {
    const command = "audit --file prod.json";
    const colored = await inShell(command, true);
    expect(colored.code).to.equal(1);
    expect(colored.stdout).to.include("\u001b[31mBlocking: Bucket can be opened");
    for (const { stdout } of [await inShell(command, true, { NO_COLOR: "1" }), await inShell(command)])
      expect(stdout).to.include("\nBlocking: Bucket can be opened").and.not.include("\u001b");
  });

  it("names what can't be read, evaluates the rest, and ends with 2", async () => {
    write("b.json", '{"version": 3, "deployment"');
    write("c.json", gzipSync(website()).subarray(0, 50));
    symlinkSync("nothing", join(folder, "d.json"));
    write("e.json.gz", checkpoint([provider(), bucket("data")]));
    const outcome = await audit(folder, "--file . --baseline out/baseline.json");
    expect(outcome.code).to.equal(2);
    expect(read("out/baseline.json")).to.include("urn:pulumi:prod::website::aws:s3/bucket:Bucket::site");
    for (const line of [
      "  - b.json\n      it is not JSON, or is cut short.",
      "  - c.json\n      it can't be unpacked: unexpected end of file",
      "  - d.json\n      it is a link to a file that isn't there",
      "3 findings would block 2 of 2 stacks with 4 buckets; 3 stacks could not be read.",
      "The stacks that could not be read have no exemptions in it.",
    ])
      expect(outcome.stdout).to.include(line);
  });

  it("says what is wrong and ends with 2, and takes no earlier report for its own", async () => {
    write("config.json", '{"all": "advisry", "s3": "advisory"}');
    write("esc.json", '{"environments": ["acme/policies"], "all": "advisory"}');
    write("r.html", "an earlier one");
    const wrong: Record<string, RegExp> = {
      "--file out": /^there is no state in out: no file NAME\.json/,
      "--file x --config c.json": /^there is no file \S+\/c\.json\n/,
      "--file prod.json --config esc.json":
        /esc\.json is not valid:\n {2}environments: acme\/policies of Pulumi ESC is not opened by the audit\. Write/,
      "--file prod.json --config config.json": /config\.json is not valid:\n {2}s3: unknown policy.*\n {2}all: "ad/,
      "--file prod.json --baseline config.json": /config\.json is there already: give it as --config, too/,
      "--file prod.json --split-by owner --out out":
        /^there is no CODEOWNERS in \S+: name a stack tag with --owner-tag/,
      "--file prod.json --owner-tag team":
        /^there is no CODEOWNERS in \S+: audit the backend\. No stack has the tag team \(an exported state has none\)$/m,
      "--file prod.json --compare b.json --html b.html": /b\.json can't be compared with: there is no such file\n/,
      "--all --html r.html": /^there is no pulumi on the PATH\. Install the Pulumi CLI \(https:\S+\), or give/,
    };
    for (const [args, message] of Object.entries(wrong)) {
      const { code, stdout, stderr } = await audit(folder, args, { PATH: folder });
      expect([code, stdout], args).to.deep.equal([2, ""]);
      expect(stderr).to.match(message);
    }
    expect([existsSync(join(folder, "r.html")), read("config.json").length]).to.deep.equal([false, 36]);
  });

  it("names the owner of a line by CODEOWNERS, where the repository has the project", async () => {
    write("web/Pulumi.yaml", "name: website\nruntime: nodejs\n");
    write("web/src/site.ts", "");
    write(".github/CODEOWNERS", "/web/src/ @acme/web\n");
    expect((await run("git", ["init", "-q"], { cwd: folder })).code).to.equal(0);
    const args = "--file prod.json --owner-tag team --split-by owner --out out --csv out/all.csv";
    const { stdout } = await audit(folder, args);
    expect(stdout).to.match(/ No stack has the tag team \(an exported.*\): owners are those in CODEOWNERS\.$/m);
    const piped = await inShell("cat prod.json | audit --file /dev/stdin --owner-tag team");
    expect(last(piped), piped.stdout + piped.stderr).to.equal(OPEN);
    const rows = read("out/all.csv").trim().split("\r\n").slice(1);
    expect(rows.map((row) => [row.split(",")[4], row.split(",").at(-1)])).to.deep.equal([
      ["site", "'@acme/web"],
      ["logs", ""],
    ]);
    expect(readdirSync(join(folder, "out")).map((name) => name.replace(/\.[0-9a-f]{8}/, ""))).to.deep.equal([
      "all.csv",
      "audit.csv",
      "no-owner.csv",
      "owner-acme-web.csv",
    ]);
  });

  it("finds its configuration in the current folder, or at the repository's root, and says which it was", async () => {
    write("s3-public-access-block.json", '{"all": "advisory"}');
    mkdirSync(join(folder, ".git"));
    const places = { "": "s3-public-access-block.json", out: "../s3-public-access-block.json" };
    for (const [from, file] of Object.entries(places)) {
      const { code, stdout } = await audit(join(folder, from), `--file ${join(folder, "prod.json")}`);
      expect([code, stdout.includes(`Configuration: ${file}.\n`)], stdout).to.deep.equal([0, true]);
    }
    const over = await audit(folder, "--file prod.json --csv s3-public-access-block.json");
    expect([over.code, read("s3-public-access-block.json")]).to.deep.equal([2, '{"all": "advisory"}']);
  });

  it("takes its configuration for no state, where both are in one folder", async () => {
    write("s3-public-access-block.json", '{"all": "advisory"}');
    expect((await audit(folder, "--file .")).code).to.equal(0);
    write("other.json", '{"all": "advisory"}');
    // Another one may be a state of that name.
    expect((await audit(folder, "--file . --config other.json")).code).to.equal(2);
  });

  it("adds a baseline to a configuration, with which the next audit passes", async () => {
    write("baseline.json", "{}");
    const config = "--file prod.json --config baseline.json";
    const { code, stdout } = await audit(folder, `${config} --baseline baseline.json --force --expires 2999-01-01`);
    const called = `node ${relative(folder, CLI)}`;
    expect([code, stdout.trimEnd().split("\n").slice(-3)]).to.deep.equal([
      0,
      [
        `Wrote 3 exemptions until 2999-01-01 to ${join(folder, "baseline.json")}.`,
        `  use it        ${called} preview --config baseline.json`,
        `  watch it      ${called} audit --file prod.json --config baseline.json`,
      ],
    ]);
    expectEnd(await audit(folder, config), 0, "Nothing blocks in 1 stack with 3 buckets.");
  });
});

describe("s3-public-access-block audit of a backend", () => {
  let [folder, project] = ["", ""];
  let env: NodeJS.ProcessEnv;
  before(async () => {
    folder = tempFolder("audit");
    const { env: base } = await engine();
    const state = join(folder, "state");
    const shop: Place = { project: "shop", stack: "dev" };
    const websites = ["prod", "dev"].map((stack) => ({ project: "website", stack }));
    const states: [Place, string][] = [
      ...websites.map((place): [Place, string] => [place, website(place)]),
      [shop, stackOf(shop, bucket("data", {}, shop), block("lock", "data", {}, {}, shop))],
    ];
    for (const [place, exported] of states) {
      const file = join(state, ".pulumi/stacks", place.project ?? "", `${place.stack ?? ""}.json`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, checkpointOf(place, exported));
    }
    project = join(folder, "project");
    mkdirSync(project);
    writeFileSync(join(project, "Pulumi.yaml"), "name: website\nruntime: nodejs\n");
    env = { ...base, PULUMI_HOME: join(state, ".pulumi") };
    // As `pulumi login --local` does in the user's own folder: the backend is where the CLI has its plugins and credentials.
    const login = await run("pulumi", ["login", `file://${state}`], { env });
    expect(login.code, login.stderr).to.equal(0);
  });
  const rows = ({ stdout }: Finished): string[] => (stdout.split("\n\n")[0] ?? "").split("\n").slice(1);

  it("exports and evaluates every stack, without a passphrase", async () => {
    const outcome = await audit(folder, "--all", env);
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

  it("reads the same stacks in its folder, as pulumi login --local leaves it, without the CLI", async () => {
    const outcome = await audit(folder, "--file state/.pulumi/", { PATH: folder });
    expectEnd(outcome, 1, "4 findings would block 2 of 3 stacks with 7 buckets.");
  });

  it("evaluates the stacks that a glob names", async () => {
    const outcome = await audit(folder, "--stack website/* --stack shop/d* --jobs 1", env);
    expect(last(outcome)).to.equal("4 findings would block 2 of 3 stacks with 7 buckets.");
    expect(last(await audit(folder, "--stack prod", env))).to.equal(OPEN);
  });

  it("knows each stack by its whole name in a project's folder, too, where the CLI leaves a part out", async () => {
    expect(rows(await audit(project, "--all", env)).slice(0, 2)).to.deep.equal([
      "organization/website/dev         3         2         0       0",
      "organization/website/prod        3         2         0       0",
    ]);
    const dev = await audit(project, "--stack */dev", env);
    expect(last(dev)).to.equal("2 findings would block 1 of 2 stacks with 4 buckets.");
  });

  it("names owners by a stack tag, asked for once per value, and writes a report for each", async () => {
    const real = env.PATH ?? "";
    mkdirSync(join(folder, "bin"));
    const script = `#!/bin/sh\necho "$@" >> ${folder}/calls\nPATH='${real}' exec pulumi "$@"\n`;
    writeFileSync(join(folder, "bin/pulumi"), script, { mode: 0o755 });
    for (const [name, value] of Object.entries({
      "website/prod": "web",
      "website/dev": "web",
      "shop/dev": "Data / Lake",
    })) {
      const set = await run("pulumi", ["stack", "tag", "set", "team", value, "--stack", `organization/${name}`], {
        env,
        cwd: folder,
      });
      expect(set.code, set.stderr).to.equal(0);
    }
    const seen = { ...env, PATH: `${join(folder, "bin")}:${real}` };
    const { code, stdout, stderr } = await audit(
      folder,
      "--all --owner-tag team --split-by owner --out by/owner",
      seen,
    );
    expect([code, stderr]).to.deep.equal([1, ""]);
    const row = "Data / Lake       1         0         0       0\nweb               2         4         0       0\n";
    expect(stdout).to.include(`\nowner        stacks  blocking  advisory  exempt\n${row}\n`);
    expect(readFileSync(join(folder, "calls"), "utf8").match(/stack tag get team/g)).to.have.length(2);
    expect((await audit(folder, "--file state/.pulumi --owner-tag team", { PATH: folder })).stdout).to.include(row);
    const misspelt = await audit(folder, "--all --owner-tag tem", env);
    expect([misspelt.code, misspelt.stdout.includes(" No stack has the tag tem (")]).to.deep.equal([1, true]);
    const files = (): string[] =>
      readdirSync(join(folder, "by/owner")).map((name) => name.replace(/\.[0-9a-f]{8}/, ".HASH"));
    const bases = ["audit", "owner-data-lake.HASH", "owner-web"];
    expect(files()).to.deep.equal(bases.flatMap((base) => [`${base}.html`, `${base}.json`]));
    // A report of an owner who has nothing any more goes; what isn't one stays.
    for (const name of ["owner-old.html", "owner.txt"]) writeFileSync(join(folder, "by/owner", name), "");
    await audit(folder, "--stack dev --owner-tag team --split-by owner --out by/owner --csv by/whole.csv", env);
    expect(files()).to.deep.equal([...bases.map((base) => `${base}.csv`), "owner.txt"]);
  });

  it("compares with the newest report of a folder and adds today's, also after a stack was renamed", async () => {
    mkdirSync(join(folder, "history"));
    const empty = await audit(folder, "--all --history history", env);
    expect([empty.code, empty.stdout]).to.deep.equal([2, ""]);
    const [, first = ""] = /Write the first: --json (\S+)/.exec(empty.stderr) ?? [];
    expect((await audit(folder, `--all --json ${first}`, env)).code).to.equal(1);
    const former = readFileSync(first, "utf8").replace(/"date": "[^"]*"/, '"date": "2026-10-01"');
    rmSync(first);
    writeFileSync(join(folder, "history/audit-2026-10-01.json"), former);
    const rename = (from: string, to: string) =>
      run("pulumi", ["stack", "rename", to, "--stack", from], { env, cwd: project });
    const renamed = await rename("dev", "live");
    expect(renamed.code, renamed.stderr).to.equal(0);
    const { code, stdout } = await audit(folder, "--all --history history --new-only", env);
    expect([code, stdout.split("\n")[0]]).to.deep.equal([0, "4 open buckets, as on 2026-10-01."]);
    expect(existsSync(first)).to.equal(true);
    await rename("live", "dev");
  });

  it("says so if no stack has such a name", async () => {
    const { code, stderr } = await audit(folder, "--stack web*", env);
    expect([code, stderr]).to.deep.equal([
      2,
      "no stack matches --stack web*. There are organization/shop/dev, organization/website/dev, organization/website/prod\n",
    ]);
  });

  it("says what to do if nobody is logged in, or one stack can't even be listed", async () => {
    const loggedOut = { ...env, PULUMI_HOME: join(folder, "empty") };
    const out = await audit(folder, "--all", loggedOut);
    const advice = "Log in with `pulumi login`, or give exported states with --file";
    expect([out.code, out.stderr.split("\n").at(-2)]).to.deep.equal([2, advice]);
    const broken = join(folder, "broken");
    cpSync(join(folder, "state"), broken, { recursive: true });
    writeFileSync(join(broken, ".pulumi/stacks/shop/dev.json"), "{");
    const listed = await audit(folder, "--all", { ...env, PULUMI_BACKEND_URL: `file://${broken}` });
    expect([listed.code, listed.stderr.split("\n").at(-2)]).to.deep.equal([
      2,
      "If a single stack can't be read, pass the backend's folder with --file to evaluate the others",
    ]);
    const rest = "4 findings would block 2 of 2 stacks with 6 buckets; 1 stack could not be read.";
    expectEnd(await audit(folder, "--file broken"), 2, rest);
  });
});

describe("A glob for stacks", () => {
  const name = "acme/website/prod-eu";
  it("matches whole parts of a name, from any part on", () => {
    const matching = ["acme/website/prod-eu", "website/prod-eu", "prod-eu", "prod*", "*/prod-eu", "acme/**", "**"];
    const others = ["prod", "acme", "website", "acme/*", "eu", "prod-e.", "*/website/*/x"];
    const matched = [matching, others].map((globs) => globs.filter((glob) => matchesGlob(glob, name)));
    expect(matched).to.deep.equal([matching, []]);
  });
});

describe("A preview with a baseline in the engine's form", () => {
  it("passes for what is open and is blocked by what is new, with a CLI that knows it, and is refused by an older one", async () => {
    const stack = await workspace({ name: "lifecycle", resources: [declared("data")] });
    const folder = tempFolder("audit");
    const config = join(folder, "engine.json");
    const up = await stack.up();
    expect(up.code, up.stdout + up.stderr).to.equal(0);
    const args = `--all --baseline ${config} --baseline-format engine --expires 2999-01-01`;
    const audited = await audit(stack.dir, args, stack.env);
    expect([audited.code, /^Wrote \d+ exemption/m.exec(audited.stdout)?.[0]]).to.deep.equal([0, "Wrote 1 exemption"]);
    const old = await stack.preview({ packs: [ROOT], configs: [config] });
    const { version } = await engine();
    const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
    const isKnown = major > 3 || minor >= 274;
    const seen = [old.code === 0, old.stdout.includes("[exempted]")];
    expect(seen, old.stdout + old.stderr).to.deep.equal([isKnown, isKnown]);
    await stack.write([declared("data"), declared("new")]);
    expect((await stack.preview({ packs: [ROOT], configs: [config] })).code).to.not.equal(0);
    await stack.remove();
  });
});
