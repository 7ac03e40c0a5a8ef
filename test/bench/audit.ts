/**
 * What an audit costs, beside others that evaluate the same buckets: `pulumi policy analyze --file` with this pack as an
 * executable, and checkov, where one is given. Processor time, since a command that uses both processors costs both.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { engine } from "../../harness/engine";
import { ROOT } from "../../harness/engine/paths";
import { append } from "./preview";
import { stateOf, terraformOf } from "./states";
import type { Measurements } from "./statistics";

export const AUDIT = "audit";
export const ANALYZE = "pulumi policy analyze";
export const CHECKOV = "checkov";

export interface Sizes {
  readonly rounds: number;
  /** The resources of the large state. */
  readonly resources: number;
  /** How many states there are of 100 resources each. */
  readonly states: number;
  /** The checkov to compare with; without one it is left out. */
  readonly checkov: string | undefined;
}

/** checkov's checks for the same: the block is there, and each of its four flags is on. */
const CHECKS = "CKV2_AWS_6,CKV_AWS_53,CKV_AWS_54,CKV_AWS_55,CKV_AWS_56";

export async function measureAudits(sizes: Sizes, say: (line: string) => void): Promise<Measurements> {
  const folder = mkdtempSync(join(tmpdir(), "audit-bench-"));
  const { pulumi, env: base } = await engine(say);
  const env = { ...base, PULUMI_HOME: join(folder, "home"), PULUMI_CONFIG_PASSPHRASE: "" };
  const [large, terraform, many] = [
    join(folder, "large.json"),
    join(folder, "main.tf"),
    join(folder, "many"),
  ];
  try {
    mkdirSync(many);
    writeFileSync(large, stateOf(sizes.resources));
    writeFileSync(terraform, terraformOf(sizes.resources));
    for (let at = 0; at < sizes.states; at++) {
      writeFileSync(join(many, `s${at}.json`), stateOf(100, { project: `project-${at}` }));
    }
    const measured = new Map<string, Map<string, number[]>>();
    const add = (metric: string, name: string, value: number | undefined): void => {
      if (value === undefined) return;
      const byName = measured.get(metric) ?? new Map<string, number[]>();
      measured.set(metric, byName);
      append(byName, name, value);
    };
    const one = `one state of ${sizes.resources.toLocaleString("en")} resources`;
    const all = `${sizes.states.toLocaleString("en")} states of 100 resources`;
    const executable = join(ROOT, "dist/policypack/index.js");
    for (let round = 0; round < sizes.rounds; round++) {
      say(`audits, round ${round + 1} of ${sizes.rounds}`);
      for (const [metric, path] of [
        [one, large],
        [all, many],
      ] as const) {
        const { time, memory } = await audit(path);
        add(metric, AUDIT, time);
        add(`${metric}, peak memory`, AUDIT, memory);
      }
      const analyze = ["policy", "analyze", "--json", "--file", large, "--policy-pack", executable];
      add(one, ANALYZE, (await timed(pulumi, analyze, "can be opened", { env })).time);
      if (sizes.checkov !== undefined) {
        const check = [
          "-f",
          terraform,
          "--framework",
          "terraform",
          "--check",
          CHECKS,
          "--compact",
          "--quiet",
          "--skip-download",
        ];
        // On a busy machine its parser gives up after ten seconds.
        const checkovEnv = { ...process.env, HCL_PARSE_TIMEOUT_SEC: "600" };
        add(one, CHECKOV, (await timed(sizes.checkov, check, "Failed checks: 1", { env: checkovEnv })).time);
      }
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The audit as it is built; at its end it tells the most memory that it has had. */
async function audit(path: string): Promise<{ time: number; memory: number }> {
  const cli = JSON.stringify(join(ROOT, "dist/cli/main.js"));
  const told = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const code = `${told}; process.argv.splice(1, 0, ${cli}); require(${cli})`;
  const { time, stderr } = await timed(
    process.execPath,
    ["-e", code, "audit", "--file", path],
    "would block",
  );
  return { time, memory: Number(stderr.trim()) / 1024 };
}

/** Runs a command that has to say that it found the bucket that is open. */
async function timed(
  command: string,
  args: readonly string[],
  finds: string,
  { env = process.env }: { env?: NodeJS.ProcessEnv } = {},
): Promise<{ time: number; stderr: string }> {
  const before = spent();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((done, fail) => {
    child.on("error", fail).on("close", () => {
      done();
    });
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (!stdout.includes(finds)) throw new Error(`${command} didn't find the open bucket: ${stdout}${stderr}`);
  return { time: spent() - before, stderr };
}

/** The processor time of all processes that this one has started and seen the end of, in ms; elsewhere than on Linux the time. */
function spent(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[13]) + Number(fields[14])) * 10; // Ticks of a hundredth of a second; see proc_pid_stat(5).
  } catch {
    return performance.now();
  }
}
