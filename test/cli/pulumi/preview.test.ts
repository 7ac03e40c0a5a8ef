import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readEvent } from "../../../cli/gate/events";
import type { Json } from "../../../cli/gate/output";
import { statusOf, tell } from "../../../cli/gate/progress";
import { argumentsFor } from "../../../cli/pulumi/preview";
import { run, type CommandOptions, type Finished } from "../../harness/engine/command";
import { CLI, jobless } from "../gate/gate";

describe("the run of the CLI", () => {
  it("is one preview with JSON, an event log, and what doesn't change; paths with a comma stay one path", () => {
    const packs = ["/packs/a,b", '/packs/"c"', "/packs/d"];
    const options = {
      ...{ stacks: ["dev"], projects: ["/shop"], all: false, jobs: 2, isOwnPack: false, reports: {}, quiet: false },
      ...{ packs, configs: ["/c,d.json", "/e", "/f"], acceptUnevaluated: false, extra: ["--diff"] },
    };
    const packFlags = ['"/packs/a,b"', '"/packs/""c"""', "/packs/d"].flatMap((each) => ["--policy-pack", each]);
    const configFlags = ['"/c,d.json"', "/e", "/f"].flatMap((each) => ["--policy-pack-config", each]);
    const own = "preview --non-interactive --stack dev --json --event-log /tmp/log --color never --show-sames";
    expect(argumentsFor(options, "dev", "/tmp/log")).to.deep.equal([
      ...[...own.split(" "), "--show-replacement-steps", ...packFlags, ...configFlags, "--diff"],
    ]);
  });
});

describe("the progress", () => {
  /** What is told of an event of the log, which may be one that nobody reads. */
  const of = (event: Json): string[] => {
    const told: string[] = [];
    const read = readEvent(event);
    const listener = { say: (line: string) => told.push(line), step: (begun: string) => told.push(`(${begun})`) };
    if (read !== undefined) tell(read, listener);
    return told;
  };

  const step = (op: string) => ({ resourcePreEvent: { metadata: { op, urn: "urn:pulumi:dev::shop::t:T::a::b" } } });

  it("is what the program prints, what goes wrong, and the step that begins", () => {
    expect([
      of({ diagnosticEvent: { severity: "info", message: "hello\nworld\n" } }),
      of({ diagnosticEvent: { severity: "error", prefix: "error: ", message: "no\n" } }),
      of(step("create")),
    ]).to.deep.equal([["hello", "world"], ["error: no"], ["(create t:T a b)"]]);
  });

  it("is nothing else: not what is ephemeral or for debugging, nor what nobody reads", () => {
    expect([
      of({ diagnosticEvent: { severity: "info", message: "waiting", ephemeral: true } }),
      of({ diagnosticEvent: { severity: "debug", message: "registering" } }),
      of({ preludeEvent: {} }),
    ]).to.deep.equal([[], [], []]);
  });

  it("counts the resources for a person who waits, and names the last", () => {
    const { step: begin, text } = statusOf("dev");
    expect(text()).to.equal("previewing dev");
    begin("same t:T a");
    begin("create t:T b");
    expect(text()).to.equal("previewing dev: 2 resources, create t:T b");
  });
});

describe("the gate, with a CLI that misbehaves,", () => {
  let folder: string;
  /** Puts a shell script in the CLI's place; its seventh argument is the event log's path. */
  const pulumi = (script: string): void => {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };
  const env = () => ({ ...jobless(process.env), PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` });
  const args = [CLI, "preview", "--stack", "dev", "--sarif", "report.sarif"];
  const gate = (options: CommandOptions = {}): Promise<Finished> =>
    run(process.execPath, args, { cwd: folder, env: env(), keepColors: true, ...options });
  const verdict = async (): Promise<[number, string[]]> => {
    const { code, stdout } = await gate();
    return [code, stdout.split("\n").filter((line) => line.startsWith("no verdict: "))];
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gate-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  /** What a CLI does that previews under one pack, and what it prints. */
  const previewed = (packs = '{"own|local|/p":"1"}', printed = "{}", also = ":"): string => {
    const events = [
      ...['"policyAnalyzeStackSummaryEvent":{"policyPackName":"own"}', `"summaryEvent":{"PolicyPacks":${packs}}`],
      '"cancelEvent":{}',
    ].map((event, sequence) => `{"sequence":${String(sequence)},${event}}`);
    return `cat > "$7" <<'END'\n${events.join("\n")}\nEND\n${also}\nprintf '${printed}'`;
  };

  it("passes nothing when the CLI calls the preview a success and writes no event log", async () => {
    pulumi("echo '{}'");
    expect(await verdict()).to.deep.equal([2, ["no verdict: the event log is empty"]]);
  });

  it("passes nothing when the JSON is cut short", async () => {
    pulumi(previewed(undefined, '{"steps": ['));
    const problem = "no verdict: the preview's JSON output is not JSON, or is cut short";
    expect(await verdict()).to.deep.equal([2, [problem]]);
    expect(readdirSync(folder).sort()).to.deep.equal(["Pulumi.yaml", "bin"]);
  });

  it("passes nothing when the CLI runs no policy pack, though it was told to", async () => {
    pulumi(previewed("{}"));
    expect(await verdict()).to.deep.equal([2, ["no verdict: 1 of 1 policy packs did not run"]]);
  });

  it("passes what the same CLI says when nothing is amiss", async () => {
    pulumi(previewed());
    expect(await verdict()).to.deep.equal([0, []]);
  });

  it("says which report can't be written after the preview and why, and nowhere that it passed", async () => {
    pulumi(previewed(undefined, "{}", "mkdir -p other/report/x"));
    mkdirSync(join(folder, "other"));
    const more = ["--code-quality", "other/report", "--summary", "summary.md"];
    const { code, stdout, stderr } = await run(process.execPath, [...args, ...more], {
      ...{ cwd: folder, env: { ...env(), GITHUB_ACTIONS: "true" } },
    });
    expect(code).to.equal(2);
    expect(stdout).to.match(/^no verdict: the report .*other\/report can't be written: /m);
    expect(existsSync(join(folder, "report.sarif"))).to.equal(false);
    const summary = readFileSync(join(folder, "summary.md"), "utf8");
    expect(summary).to.contain("No verdict");
    expect(stdout + stderr + summary).not.to.contain("Passed");
  });

  it("prints nothing of its stderr as a command, and loses no part of a line", async () => {
    pulumi(String.raw`[ "$1" = version ] || printf '::error::a\r\nb ##[error]c\rd\033[1m' >&2; exit 7`);
    const { stderr } = await gate();
    expect(stderr).to.equal("\\::error::a\nb ##\\[error]c\nd\n");
  });

  it("tells it nothing by which it could speak to GitHub's runner, at any call", async () => {
    pulumi('echo "$1 [$GITHUB_OUTPUT$ACTIONS_RUNTIME_TOKEN] [$ACTIONS_ID_TOKEN_REQUEST_URL]" >> calls; exit 7');
    const job = {
      ...{ GITHUB_OUTPUT: "/output", ACTIONS_RUNTIME_TOKEN: "token" },
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example",
    };
    await gate({ env: { ...env(), ...job } });
    expect(readFileSync(join(folder, "calls"), "utf8")).to.equal(
      "preview [] [https://token.example]\nversion [] [https://token.example]\n",
    );
  });

  describe("that is asked for the selected stack,", () => {
    const unnamed = (): Promise<Finished> =>
      run(process.execPath, [CLI, "preview", "--sarif", "report.sarif"], { cwd: folder, env: env() });

    it("previews that one", async () => {
      pulumi(
        `[ "$1" = stack ] && echo org/shop/prod && exit\n[ "$1" = version ] && exit\necho "$@" > arguments; exit 7`,
      );
      const { stdout } = await unnamed();
      expect(stdout).to.contain("No verdict on org/shop/prod: that is not a pass.\n");
      expect(readFileSync(join(folder, "arguments"), "utf8")).to.contain(" --stack org/shop/prod ");
    });

    it("says how to name one where none is, and leaves no earlier report", async () => {
      pulumi('[ "$1" = stack ] && echo "error: no stack selected; please use it" >&2; exit 1');
      writeFileSync(join(folder, "report.sarif"), "of an earlier run");
      const { code, stdout, stderr } = await unnamed();
      expect([code, stdout, stderr.split("\n").slice(0, 2)]).to.deep.equal([
        2,
        "",
        [
          `no stack is named: give --stack NAME, set PULUMI_STACK, or run "pulumi stack select" in ${folder}`,
          "(no stack selected; please use it)",
        ],
      ]);
      expect(readdirSync(folder).sort()).to.deep.equal(["Pulumi.yaml", "bin"]);
    });
  });

  it("ends one that doesn't stop when it is interrupted, at the second interrupt", async () => {
    pulumi("[ $1 = version ] && exit\ntrap '' INT\necho started >&2\nwhile :; do sleep 0.1; done");
    const { code, stdout } = await gate({
      limitMs: 6000, // Less than the grace after the first interrupt, which would end it too.
      started: (running) =>
        running.stderr?.once("data", () => {
          running.kill("SIGINT");
          setTimeout(() => running.kill("SIGINT"), 300);
        }),
    });
    expect(code).to.equal(2);
    expect(stdout).to.contain("no verdict: interrupted by SIGINT\n");
  });
});
