/**
 * The cost of the policy pack and of three packs to compare it with, on this machine and in this run.
 *
 *   npm run bench                                5 rounds, stacks of up to 50,000 resources, a quarter of an hour
 *   npm run bench -- --short                     1 round, up to 1,000 resources: shows that it works, not how fast it is
 *   npm run bench -- --audit                     the audit instead of the packs
 *   npm run bench -- --live                      audit --live, on moto
 *   UPDATE_DOCS=true npm run bench               writes the ratios into docs/performance.md, too
 */
import { spawn, type SpawnOptionsWithoutStdio as SpawnOptions } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import { engine, workspace } from "../harness/engine";
import { analyzeBytes, analyzeStackBytes, boot, UNKNOWN, type Resource } from "../harness/engine/analyzer";
import { ROOT } from "../harness/engine/paths";
import { findPython } from "../harness/python/environment";
import * as state from "../cli/audit/states";
import { fly, KEYS } from "../cli/live/fleet";
import { expectSection } from "../docs/section";
import { block, bucket } from "../policypack/resources";
import { EMPTY, EXECUTABLE, NO_POLICIES, THIS, TYPICAL } from "./packs";

const PACKS = [THIS, EXECUTABLE, NO_POLICIES, EMPTY, TYPICAL];
/** As on a machine that is fresh for each run: ts-node finds nothing that it compiled before. */
const FRESH = { TS_NODE_CACHE: "false" };

/** Metric, pack, and a value for each round. */
type Measured = Map<string, Map<string, number[]>>;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

function add(measured: Measured, metric: string, name: string, value: number): void {
  const byName = measured.get(metric) ?? new Map<string, number[]>();
  measured.set(metric, byName.set(name, [...(byName.get(name) ?? []), value]));
}

/** The middle value, or the mean of the two. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [lower = NaN, upper = NaN] = [Math.ceil, Math.floor].map((round) => sorted[round((sorted.length - 1) / 2)]);
  return (lower + upper) / 2;
}

/** The medians, and in brackets how many times as much as the first name's. */
function table(measured: Measured, names: readonly string[]): string {
  const rows = [...measured].map(([metric, byName]) => {
    const first = median(byName.get(names[0] ?? "") ?? []);
    const cells = names.map((name) => {
      const value = median(byName.get(name) ?? []);
      if (Number.isNaN(value)) return "";
      const ratio = Number.isNaN(first) ? "" : ` (${(value / first).toFixed(2)})`;
      return value.toFixed(value < 10 ? 2 : 0) + (metric.includes("memory") ? " MB" : " ms") + ratio;
    });
    return [metric, ...cells];
  });
  return [["", ...names], ["---", ...names.map(() => "---:")], ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** What docs/performance.md says: what this pack costs, as a multiple of one that does nothing. */
function ratios(measured: Measured): string {
  const rows = [...measured].map(([metric, byName]) => {
    const isStack = metric.startsWith("AnalyzeStack");
    const base = median(byName.get((isStack ? EMPTY : NO_POLICIES).name) ?? []);
    const [own, executable] = [THIS, EXECUTABLE].map(({ name }) => (median(byName.get(name) ?? []) / base).toFixed(2));
    return `- ${metric}: ${own} of ${isStack ? "an empty stack policy" : "a pack without policies"}, ${executable} as an executable`;
  });
  return rows.join("\n");
}

const tags = { Name: "service", "cost-center": "4711", environment: "production", team: "platform" };
/** As much as resources of a service have: 1 KB each. */
const OTHERS = [
  ["aws:lambda/function:Function", { handler: "index.handler", role: UNKNOWN, runtime: "nodejs22.x", tags }],
  ["aws:iam/role:Role", { arn: UNKNOWN, name: "service", assumeRolePolicy: JSON.stringify(tags).repeat(8) }],
  ["aws:ec2/securityGroup:SecurityGroup", { ingress: Array(8).fill(tags), tags, vpcId: "vpc-0123456789abcdef0" }],
] as const;

/** A fifth buckets, a fifth blocks on them, the rest others. The last bucket has no block. */
function resourcesOf<Made>(
  size: number,
  make: { bucket: (name: string) => Made; block: (name: string, target: string) => Made },
  other: (name: string, type: string, props: Resource["props"]) => Made,
): Made[] {
  return Array.from({ length: size }, (_, index) => {
    if (index % 5 === 0) return make.bucket(`bucket${index}`);
    if (index % 5 === 1 && index <= size - 5) return make.block(`block${index}`, `bucket${index - 1}`);
    const [type, props] = OTHERS[index % 3] ?? OTHERS[0];
    return other(`other${index}`, type, props);
  });
}

const inEngine = (size: number): Resource[] =>
  resourcesOf(size, { bucket, block }, (name, type, props) => bucket(name, { type, props }));

/** Starts each pack, in turns, and asks it everything; what it finds shows that it does its work. */
async function measurePacks(rounds: number, sizes: readonly number[]): Promise<Measured> {
  const measured: Measured = new Map();
  const stacks = sizes.map((size) => [size, analyzeStackBytes(inEngine(size))] as const);
  const calls = inEngine(500).map(analyzeBytes);
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < PACKS.length; at++) {
      const pack = PACKS[(at + round) % PACKS.length] ?? THIS; // None is always the first.
      say(`${pack.name}, round ${round + 1} of ${rounds}`);
      const time = async <Result>(metric: string, work: () => Promise<Result>): Promise<Result> => {
        const before = performance.now();
        const result = await work();
        add(measured, metric, pack.name, performance.now() - before);
        return result;
      };
      const running = await time("start, to the first answers", () =>
        boot(pack.path, { env: FRESH, ofProgram: false }),
      );
      await time("Analyze, 500 calls", async () => {
        for (const call of calls) await running.raw("Analyze", call);
      });
      for (const [size, request] of stacks) {
        const answer = await time(`AnalyzeStack, ${size} resources`, () => running.raw("AnalyzeStack", request));
        const found = AnalyzeResponse.deserializeBinary(answer).getDiagnosticsList().length;
        if (found !== ([NO_POLICIES, EMPTY].includes(pack) ? 0 : 1))
          throw new Error(`${pack.name} reported ${found} findings`);
      }
      const peak = running.peakMemory();
      if (peak !== undefined) add(measured, "peak memory", pack.name, peak);
      await running.close();
    }
  }
  await measurePreviews(measured, rounds);
  return measured;
}

/** The whole command, on a small program in JavaScript, with each pack and without one. */
async function measurePreviews(measured: Measured, rounds: number): Promise<void> {
  const stack = await workspace(join(__dirname, "program"), { env: FRESH });
  await stack.preview(); // The first run of a CLI writes its caches.
  for (let round = 0; round < rounds; round++) {
    say(`previews, round ${round + 1} of ${rounds}`);
    for (const pack of [undefined, ...PACKS]) {
      const before = performance.now();
      const { code, violations, stderr } = await stack.preview({ packs: pack === undefined ? [] : [pack.path] });
      add(measured, "pulumi preview", pack?.name ?? NO_PACK, performance.now() - before);
      if (code !== 0 || violations.length > 0) throw new Error(`a preview failed: ${stderr}`);
    }
  }
  await stack.remove();
}

const NO_PACK = "no pack";
const AUDIT = "audit";
const CLI = JSON.stringify(join(ROOT, "dist/cli/main.js"));
const PEAK = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
/** The audit, with its peak memory in KB as the last line on stderr. */
const AUDIT_COMMAND = ["-e", `${PEAK}; process.argv.splice(1, 0, ${CLI}); require(${CLI})`, "audit"];
const ANALYZE = "pulumi policy analyze";

/** What an audit costs, beside `pulumi policy analyze` of the same state: processor time, since both use several processors. */
async function measureAudits(rounds: number, size: number, states: number): Promise<Measured> {
  const measured: Measured = new Map();
  const folder = mkdtempSync(join(os.tmpdir(), "audit-bench-"));
  const { pulumi, env: base } = await engine(say);
  const env = { ...base, PULUMI_HOME: join(folder, "home"), PULUMI_CONFIG_PASSPHRASE: "" };
  const written = (name: string, length: number, project?: string): string => {
    const file = join(folder, name);
    writeFileSync(file, stateOf(length, project));
    return file;
  };
  const large = written("large.json", size);
  const many = Array.from({ length: states }, (_, at) => written(`s${at}.json`, 100, `project-${at}`));
  const flags = (files: string[]): string[] => files.flatMap((file) => ["--file", file]);
  try {
    for (let round = 0; round < rounds; round++) {
      say(`audits, round ${round + 1} of ${rounds}`);
      for (const files of [[large], many]) {
        const metric = files.length === 1 ? `a state of ${size} resources` : `${states} states of 100 resources`;
        const { time, stderr } = await timed(process.execPath, [...AUDIT_COMMAND, ...flags(files)], "would block");
        add(measured, metric, AUDIT, time);
        add(measured, `${metric}, peak memory`, AUDIT, Number(stderr.trim()) / 1024);
      }
      const args = ["policy", "analyze", "--json", "--file", large, "--policy-pack", EXECUTABLE.path];
      const { time } = await timed(pulumi, args, "can be opened", { env });
      add(measured, `a state of ${size} resources`, ANALYZE, time);
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `audit --live` costs where each answer takes 50 ms, once it has found what there is to find. */
async function measureLive(buckets: number): Promise<string> {
  const folder = mkdtempSync(join(os.tmpdir(), "live-bench-"));
  const costs: string[] = [];
  const python = findPython();
  if (python === undefined) throw new Error("it needs Python 3.10 or newer");
  const flown = await fly(python, { folder, buckets, stacks: 20, delayMs: 50 }, async (args) => {
    const before = performance.now();
    const { stderr } = await timed(process.execPath, [...AUDIT_COMMAND, ...args.split(" ")], "S3 didn't say", {
      ...{ env: { ...process.env, ...KEYS }, cwd: folder },
    });
    const memory = Number(/^\d+$/m.exec(stderr)?.[0]) / 1024;
    costs.push(`${((performance.now() - before) / 1000).toFixed(1)} s, ${memory.toFixed(0)} MB`);
  });
  rmSync(folder, { recursive: true });
  const rows = flown.map(
    ({ isLocked, requests }, at) =>
      `- the account's block ${isLocked ? "on" : "off"}: ${costs[at] ?? ""}, ${requests.toFixed(2)} requests a bucket`,
  );
  return [`${buckets} buckets in 20 stacks:`, "", ...rows].join("\n");
}

function stateOf(size: number, project = "shop"): string {
  const place = { project };
  const make = {
    bucket: (name: string) => state.bucket(name, {}, place),
    block: (name: string, target: string) => state.block(name, target, {}, {}, place),
  };
  const others = resourcesOf(size, make, (name, type, props) => {
    const known = Object.fromEntries(Object.entries(props).filter(([, value]) => value !== UNKNOWN));
    return {
      ...state.bucket(name, {}, place),
      urn: state.urnOf(name, type, place),
      type,
      inputs: known,
      outputs: known,
    };
  });
  return state.exported([state.provider(undefined, place), ...others]);
}

/** Runs a command that has to say that it found the bucket that is open. */
async function timed(command: string, args: readonly string[], finds: string, options: SpawnOptions = {}) {
  const before = spent();
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((done, fail) => child.on("error", fail).on("close", done));
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: Object.fromEntries(["short", "audit", "live"].map((name) => [name, { type: "boolean", default: false }])),
  });
  const { short = false } = values;
  const rounds = short ? 1 : 5;
  const sizes = short ? [100, 1000] : [100, 1000, 10_000, 50_000];
  const { version } = await engine(say);
  const load = os.loadavg()[0]?.toFixed(1) ?? "";
  const machine = `${os.cpus().length} processors, load ${load}, Node.js ${process.version}`;
  const circumstances = `${rounds} rounds, ${machine}, Pulumi CLI ${version}`;
  if (values.live === true) {
    const figures = await measureLive(short ? 100 : 1000);
    console.log(figures);
    if (process.env.UPDATE_DOCS === "true")
      await expectSection("docs/performance.md", "bench of --live", `${figures}\n\n${machine}`);
  } else if (values.audit === true) {
    console.log(table(await measureAudits(rounds, short ? 1000 : 10_000, short ? 100 : 1000), [AUDIT, ANALYZE]));
  } else {
    const measured = await measurePacks(rounds, sizes);
    const names = [NO_POLICIES, EMPTY, TYPICAL, THIS, EXECUTABLE].map(({ name }) => name).concat(NO_PACK);
    console.log(table(measured, names));
    if (process.env.UPDATE_DOCS === "true")
      await expectSection("docs/performance.md", "bench", `${ratios(measured)}\n\n${circumstances}`);
  }
  console.log(`\n${circumstances}`);
}

void main();
