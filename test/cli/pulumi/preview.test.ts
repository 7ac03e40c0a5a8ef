import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run, type CommandOptions, type Finished } from "../../harness/engine/command";
import { CLI, jobless } from "../gate/gate";
import { tempFolder } from "../../temp-folder";

describe("the gate, with another program in the place of the CLI,", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("gate");
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  });
  /** Puts a shell script in the CLI's place; its seventh argument is the event log's path. */
  const pulumi = (script: string): void => {
    writeFileSync(join(folder, "bin/pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };
  const env = () => ({ ...jobless(process.env), PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}` });
  const gate = (more: readonly string[] = ["--stack", "dev"], options: CommandOptions = {}): Promise<Finished> =>
    run(process.execPath, [CLI, "preview", "--sarif", "report.sarif", ...more], {
      ...{ cwd: folder, env: env(), keepColors: true, ...options },
    });
  const said = (file: string): string => readFileSync(join(folder, file), "utf8");
  /** What a CLI does that previews under one pack, and what it prints. */
  const previewed = (packs = '{"own|local|/p":"1"}', printed = "{}", also = ":"): string => {
    const events = [
      ...['"policyAnalyzeStackSummaryEvent":{"policyPackName":"own"}', `"summaryEvent":{"PolicyPacks":${packs}}`],
      '"cancelEvent":{}',
    ].map((event, sequence) => `{"sequence":${String(sequence)},${event}}`);
    return `cat > "$7" <<'END'\n${events.join("\n")}\nEND\n${also}\nprintf '${printed}'`;
  };

  it("passes only what is whole, and leaves no report where there is no verdict", async () => {
    const cases: [string, number, ...string[]][] = [
      ["echo '{}'", 2, "no verdict: the event log is empty"],
      [previewed(undefined, '{"steps": ['), 2, "no verdict: the preview's JSON output is not JSON, or is cut short"],
      [previewed("{}"), 2, "no verdict: 1 of 1 policy packs did not run"],
      [previewed(), 0],
    ];
    for (const [script, wanted, ...problems] of cases) {
      pulumi(script);
      const { code, stdout } = await gate();
      const lines = stdout.split("\n").filter((line) => line.startsWith("no verdict: "));
      expect([code, ...lines], script).to.deep.equal([wanted, ...problems]);
      expect(existsSync(join(folder, "report.sarif"))).to.equal(wanted === 0);
    }
  });

  it("runs one preview with JSON, an event log, and what doesn't change; paths with a comma stay one path", async () => {
    pulumi('[ "$1" = version ] && exit\nprintf "%s\\n" "$@" > arguments; exit 7');
    const packs = ["/packs/a,b", '/packs/"c"', "/packs/d"].flatMap((each) => ["--policy-pack", each]);
    const configs = ["/c,d.json", "/e", "/f"].flatMap((each) => ["--policy-pack-config", each]);
    await gate(["--stack", "dev", ...packs, ...configs, "--", "--diff"]);
    const own = "preview --non-interactive --stack dev --json --event-log LOG --color never --show-sames";
    expect(said("arguments").trimEnd().split("\n").with(6, "LOG")).to.deep.equal([
      ...[...own.split(" "), "--show-replacement-steps"],
      ...['"/packs/a,b"', '"/packs/""c"""', "/packs/d"].flatMap((each) => ["--policy-pack", each]),
      ...['"/c,d.json"', "/e", "/f"].flatMap((each) => ["--policy-pack-config", each]),
      "--diff",
    ]);
  });

  it("says which report can't be written after the preview and why, and nowhere that it passed", async () => {
    pulumi(previewed(undefined, "{}", "mkdir -p other/report/x"));
    mkdirSync(join(folder, "other"));
    const { code, stdout, stderr } = await gate(
      ["--stack", "dev", "--code-quality", "other/report", "--summary", "summary.md"],
      { env: { ...env(), GITHUB_ACTIONS: "true" } },
    );
    expect(code).to.equal(2);
    expect(stdout).to.match(/^no verdict: the report .*other\/report can't be written: /m);
    expect(existsSync(join(folder, "report.sarif"))).to.equal(false);
    expect(said("summary.md")).to.contain("No verdict");
    expect(stdout + stderr + said("summary.md")).not.to.contain("Passed");
  });

  it("prints nothing of its stderr as a command, loses no part of a line, and tells it nothing by which it could speak to the runner", async () => {
    pulumi(String.raw`echo "$1 [$GITHUB_OUTPUT$ACTIONS_RUNTIME_TOKEN] [$ACTIONS_ID_TOKEN_REQUEST_URL]" >> calls
      [ "$1" = version ] || { printf '::error::a\r'; sleep 0.1; printf '\nb ##[error]c\rd\n\ne\033[1m'; } >&2; exit 7`);
    const job = {
      ...{ GITHUB_OUTPUT: "/output", ACTIONS_RUNTIME_TOKEN: "token" },
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://token.example",
    };
    const { stderr } = await gate(undefined, { env: { ...env(), ...job } });
    expect(stderr).to.equal("\\::error::a\nb ##\\[error]c\nd\n\ne\n");
    expect(said("calls")).to.equal("preview [] [https://token.example]\nversion [] [https://token.example]\n");
  });

  it("previews the selected stack, or says how to name one, and leaves no earlier report", async () => {
    pulumi(`[ "$1" = stack ] && echo org/shop/prod && exit\n[ "$1" = version ] && exit\necho "$@" > arguments; exit 7`);
    const { stdout: selected } = await gate([]);
    expect(selected).to.contain("No verdict on org/shop/prod: that is not a pass.\n");
    expect(said("arguments")).to.contain(" --stack org/shop/prod ");

    pulumi('[ "$1" = stack ] && echo "error: no stack selected; please use it" >&2; exit 1');
    writeFileSync(join(folder, "report.sarif"), "of an earlier run");
    const { code, stdout, stderr } = await gate([]);
    expect([code, stdout, ...stderr.split("\n").slice(0, 2)]).to.deep.equal([
      ...[2, ""],
      `no stack is named: give --stack NAME, set PULUMI_STACK, or run "pulumi stack select" in ${folder}`,
      "(no stack selected; please use it)",
    ]);
    expect(readdirSync(folder).sort()).to.deep.equal(["Pulumi.yaml", "arguments", "bin"]);
  });

  it("ends one that doesn't stop when it is interrupted, at the second interrupt", async () => {
    pulumi("[ $1 = version ] && exit\ntrap '' INT\necho started >&2\nwhile :; do sleep 0.1; done");
    const { code, stdout } = await gate(undefined, {
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
