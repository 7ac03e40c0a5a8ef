/**
 * The cost of the policy pack and of two packs to compare it with, on this machine and in this run.
 *
 *   npm run bench                                5 rounds, stacks of up to 50,000 resources, a quarter of an hour
 *   npm run bench -- --short                     1 round, up to 1,000 resources: shows that it works, not how fast it is
 *   npm run bench -- --live                      audit --live, on moto
 *   npm run bench -- --audit                     audit --all of up to 2,000 stacks of a stand-in for Pulumi Cloud
 *   UPDATE_DOCS=true npm run bench               writes the ratios into docs/performance.md, too
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import { engine, workspace } from "../harness/engine";
import { boot, UNKNOWN, type Resource } from "../harness/engine/analyzer";
import { analyzeRequest, analyzeStackRequest } from "../harness/engine/analyzer-messages";
import { run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";
import { findPython } from "../harness/python/environment";
import { newUser } from "../harness/cloud/user";
import { startCloud } from "../harness/cloud/server";
import { addStack } from "../cli/audit/states";
import { fly, KEYS } from "../cli/live/fleet";
import { expectSection } from "../docs/section";
import { block, bucket } from "../policypack/resources";
import { EMPTY, EXECUTABLE, NO_POLICIES, THIS } from "./packs";

const PACKS = [THIS, EXECUTABLE, NO_POLICIES, EMPTY];
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
const inEngine = (size: number): Resource[] =>
  Array.from({ length: size }, (_, index) => {
    if (index % 5 === 0) return bucket(`bucket${index}`);
    if (index % 5 === 1 && index <= size - 5) return block(`block${index}`, `bucket${index - 1}`);
    const [type, props] = OTHERS[index % 3] ?? OTHERS[0];
    return bucket(`other${index}`, { type, props });
  });

/** Starts each pack, in turns, and asks it everything; what it finds shows that it does its work. */
async function measurePacks(rounds: number, sizes: readonly number[]): Promise<Measured> {
  const measured: Measured = new Map();
  const stacks = sizes.map((size) => [size, analyzeStackRequest(inEngine(size)).serializeBinary()] as const);
  const calls = inEngine(500).map((each) => analyzeRequest(each).serializeBinary());
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

/** An audit that is run to its end: what it printed, its seconds and its peak memory. */
async function timed(args: string, cwd: string, more: NodeJS.ProcessEnv) {
  const cli = JSON.stringify(join(ROOT, "dist/cli/main.js"));
  const peak = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const script = ["-e", `${peak}; process.argv.splice(1, 0, ${cli}); require(${cli})`, "audit", ...args.split(" ")];
  const before = performance.now();
  const { stdout, stderr } = await run(process.execPath, script, { cwd, env: { ...process.env, ...more } });
  const seconds = ((performance.now() - before) / 1000).toFixed(1);
  return { stdout, cost: `${seconds} s, ${(Number(/^\d+$/m.exec(stderr)?.[0]) / 1024).toFixed(0)} MB` };
}

/** What `audit --live` costs where each answer takes 50 ms, once it has found what there is to find. */
async function measureLive(buckets: number): Promise<string> {
  const python = findPython();
  if (python === undefined) throw new Error("it needs Python 3.10 or newer");
  const folder = mkdtempSync(join(os.tmpdir(), "live-bench-"));
  const rows: string[] = [];
  const flown = await fly(python, { folder, buckets, stacks: 20, delayMs: 50 }, async (args) => {
    rows.push((await timed(args, folder, KEYS)).cost);
  });
  rmSync(folder, { recursive: true });
  const costs = flown.map(
    ({ isLocked, requests }, at) =>
      `- the account's block ${isLocked ? "on" : "off"}: ${rows[at] ?? ""}, ${requests.toFixed(2)} requests a bucket`,
  );
  return [`${buckets} buckets in 20 stacks:`, "", ...costs].join("\n");
}

/** What `audit --all` costs for so many stacks of Pulumi Cloud, and again with what --resume kept; each has to be evaluated. */
async function measureAudit(sizes: readonly number[]): Promise<string> {
  const cloud = await startCloud("acme");
  const user = await newUser(cloud);
  await user.pulumi(["login", cloud.url]);
  cloud.stacks.page = 100;
  const costs: string[] = [];
  for (const size of sizes) {
    say(`${size} stacks`);
    while (cloud.stacks.all.length < size) addStack(cloud, `team-${cloud.stacks.all.length}`);
    const kept = join(user.home, `audit-${size}`);
    const parts: string[] = [];
    for (let round = 0; round < 2; round++) {
      const requests = cloud.log.length;
      const { stdout, cost } = await timed(`--all --resume ${kept}`, user.home, user.env);
      const all = size.toLocaleString("en-US");
      if (!stdout.includes(` would block ${all} of ${all} stacks`)) throw new Error(stdout.slice(-500));
      parts.push(`${cost}, ${cloud.log.length - requests} requests`);
    }
    costs.push(`- ${size} stacks: ${parts[0] ?? ""}; again: ${parts[1] ?? ""}`);
    say(costs.at(-1) ?? "");
  }
  user.remove();
  await cloud.close();
  return costs.join("\n");
}

async function main(): Promise<void> {
  const flag = { type: "boolean", default: false } as const;
  const { short, live, audit } = parseArgs({ options: { short: flag, live: flag, audit: flag } }).values;
  const rounds = short ? 1 : 5;
  const sizes = short ? [100, 1000] : [100, 1000, 10_000, 50_000];
  const { version } = await engine(say);
  const load = os.loadavg()[0]?.toFixed(1) ?? "";
  const machine = `${os.cpus().length} processors, load ${load}, Node.js ${process.version}`;
  const circumstances = `${rounds} rounds, ${machine}, Pulumi CLI ${version}`;
  if (live || audit) {
    const figures = live
      ? await measureLive(short ? 100 : 1000)
      : await measureAudit(short ? [10, 20] : [100, 500, 2000]);
    console.log(figures);
    if (process.env.UPDATE_DOCS === "true")
      await expectSection("docs/performance.md", `bench of --${live ? "live" : "audit"}`, `${figures}\n\n${machine}`);
    return;
  }
  const measured = await measurePacks(rounds, sizes);
  console.log(table(measured, [NO_POLICIES, EMPTY, THIS, EXECUTABLE].map(({ name }) => name).concat(NO_PACK)));
  if (process.env.UPDATE_DOCS === "true")
    await expectSection("docs/performance.md", "bench", `${ratios(measured)}\n\n${circumstances}`);
  console.log(`\n${circumstances}`);
}

void main();
