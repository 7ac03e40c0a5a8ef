/**
 * What the policy pack costs, beside other packs on the same machine in the same run.
 *
 *   npm run bench                       5 runs, stacks of up to 50,000 resources, about a quarter of an hour
 *   npm run bench -- --short            1 run, up to 1,000 resources: that it works, not how fast it is
 *   npm run bench -- --runs 9 --json FILE
 *   npm run bench -- --largest 10000    without the stacks of 50,000, which take most of the time
 *   npm run bench -- --audit            the audit instead of the packs; --checkov FILE compares it with that checkov, too
 *   npm run bench -- --docs             puts the figures into docs/performance.md
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { engine } from "../../harness/engine";
import { ROOT } from "../../harness/engine/paths";
import { ANALYZE, AUDIT, CHECKOV, measureAudits } from "./audit";
import { measure, type Requests } from "./measure";
import { EMPTY, NO_POLICIES, packs, type Pack } from "./packs";
import { append, measurePreviews, rotated } from "./preview";
import { resourcesOf, stackOf } from "./requests";
import { ratioTable, valueTable, type Baselines, type Measurements } from "./statistics";

const BASELINES: Baselines = [
  { metric: /^AnalyzeStack/, pack: EMPTY.name },
  { metric: /first answer|^Analyze|memory|^added/, pack: NO_POLICIES.name },
];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function measurePacks(
  compared: readonly Pack[],
  rounds: number,
  sizes: readonly number[],
): Promise<Map<string, Map<string, number[]>>> {
  const stacks = new Map(sizes.map((size) => [size, stackOf(size)]));
  const requests: Requests = { stacks, resources: resourcesOf(500) };
  const measured = new Map<string, Map<string, number[]>>();
  for (let round = 0; round < rounds; round++) {
    for (const pack of rotated(compared, round)) {
      say(`${pack.name}, round ${round + 1} of ${rounds}`);
      for (const [metric, value] of Object.entries(await measure(pack, requests))) {
        const byPack = measured.get(metric) ?? new Map<string, number[]>();
        measured.set(metric, byPack);
        append(byPack, pack.name, value);
      }
    }
  }
  return measured;
}

/** What each pack adds to a preview without one, round by round. */
function added(previews: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  const without = previews.get("no pack") ?? [];
  const withPack = [...previews].filter(([name]) => name !== "no pack");
  return new Map(
    withPack.map(([name, times]) => [name, times.map((time, round) => time - (without[round] ?? NaN))]),
  );
}

async function conditions(): Promise<Record<string, string>> {
  const { version } = await engine(say);
  const versionOf = (name: string): string => {
    const manifest = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  };
  const [cpu] = os.cpus();
  return {
    machine: `${os.cpus().length} × ${cpu?.model ?? os.arch()}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()}`,
    "load at the start": os.loadavg()[0]?.toFixed(1) ?? "",
    "Node.js": process.version,
    "Pulumi CLI": version,
    ...Object.fromEntries(
      ["@pulumi/pulumi", "@pulumi/policy", "@pulumi/aws", "typescript"].map((name) => [
        name,
        versionOf(name),
      ]),
    ),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      short: { type: "boolean" },
      runs: { type: "string" },
      largest: { type: "string" },
      json: { type: "string" },
      docs: { type: "boolean" },
      audit: { type: "boolean" },
      checkov: { type: "string" },
    },
  });
  const rounds = Number(values.runs ?? (values.short ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--runs wants a number");
  const largest = Number(values.largest ?? (values.short ? 1000 : 50_000));
  const sizes = [100, 1000, 10_000, 50_000].filter((size) => size <= largest);
  if (sizes.length === 0) throw new Error("--largest wants a number of resources, 100 or more");

  const told = await conditions();
  if (values.audit) {
    const sizes = values.short ? { resources: 1000, states: 100 } : { resources: 10_000, states: 1000 };
    const audits = await measureAudits({ rounds, ...sizes, checkov: values.checkov }, say);
    const names = [AUDIT, ANALYZE, ...(values.checkov === undefined ? [] : [CHECKOV])];
    const baselines = [{ metric: /^one state of [\d,]+ resources$/, pack: AUDIT }];
    console.log(valueTable(audits, names));
    report([ratioTable(audits, names, baselines), conditionList(told, rounds)], "audit figures", values);
    if (values.json !== undefined) writeValues(values.json, told, audits);
    return;
  }
  const folder = mkdtempSync(join(os.tmpdir(), "bench-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const compared = await packs(folder);
  const previews = await measurePreviews(compared, rounds, say);
  const measured: Measurements = new Map([
    ...(await measurePacks(compared, rounds, sizes)),
    ["pulumi preview", previews],
    ["added to pulumi preview", added(previews)],
  ]);
  const names = compared.map(({ name }) => name);
  console.log(valueTable(measured, ["no pack", ...names]));
  // A cost below zero is the noise of a busy machine, so that nothing can be said of it.
  const sure = new Map(
    [...measured].filter(([, by]) => [...by.values()].flat().every((value) => value >= 0)),
  );
  report([ratioTable(sure, names, BASELINES), conditionList(told, rounds)], "figures", values);
  if (values.json !== undefined) writeValues(values.json, told, measured);
}

function conditionList(told: Record<string, string>, rounds: number): string {
  return Object.entries({ ...told, runs: rounds })
    .map(([what, value]) => `- ${what}: ${value}`)
    .join("\n");
}

/** Prints the figures, and puts them into the documentation if that is asked for. */
function report(parts: readonly string[], place: string, { docs }: { docs?: boolean | undefined }): void {
  const figures = parts.join("\n\n");
  console.log(figures);
  if (docs) writeInto(join(ROOT, "docs/performance.md"), place, figures);
}

function writeValues(file: string, told: Record<string, string>, measured: Measurements): void {
  const plain = Object.fromEntries([...measured].map(([metric, by]) => [metric, Object.fromEntries(by)]));
  writeFileSync(file, `${JSON.stringify({ conditions: told, measured: plain }, undefined, 2)}\n`);
}

function writeInto(document: string, place: string, figures: string): void {
  const [start, end] = [`<!-- ${place} -->`, `<!-- end of ${place} -->`];
  const text = readFileSync(document, "utf8");
  const [before, after] = [text.split(start)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`${document} has no place for figures`);
  writeFileSync(document, `${before}${start}\n\n${figures}\n\n${end}${after}`);
}

void main();
