import { expect } from "chai";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { outputOf } from "./command";
import { engine } from "./engine";
import { isAlive, readIfThere } from "./files";
import { workspace } from "./index";
import type { DataResource, OperationOptions, Run, Workspace } from "./index";
import { needsEngine } from "./needs-engine";
import { ROOT } from "./paths";
import { fromWireObject, UNKNOWN } from "./values";
import type { Props, Value } from "./values";

const PACK = join(ROOT, "test/harness/programs/pack");
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** An operation on a resource, with its inputs and outputs afterwards. */
interface Step {
  op: string;
  type: string;
  name: string;
  inputs: Props;
  outputs: Props;
}

interface Metadata {
  op: string;
  urn: string;
  type: string;
  new: { inputs: Record<string, never>; outputs: Record<string, never> } | null;
}

/** The steps that the run took or, in a preview, would take, in order. */
function stepsOf({ events }: Run): Step[] {
  const steps = events.flatMap(({ resOutputsEvent }) => {
    if (resOutputsEvent === undefined) return [];
    const { op, urn, type, new: made } = (resOutputsEvent as { metadata: Metadata }).metadata;
    const [inputs, outputs] = [fromWireObject(made?.inputs ?? {}), fromWireObject(made?.outputs ?? {})];
    return [{ op, type, name: urn.split("::").slice(3).join("::"), inputs, outputs }];
  });
  return steps.filter(({ type }) => type.startsWith("aws:"));
}

type Wanted = Partial<Pick<Step, "op" | "inputs" | "outputs">>;
const KINDS = parse(readIfThere(join(ROOT, "test/harness/programs/kinds.yaml")) ?? "") as (DataResource &
  Partial<Record<"preview" | "up", Wanted>>)[];

/** The properties that are wanted, all where that is none, and in the place of one that fits its pattern the pattern. */
function asIn(wanted: Props = {}, found: Props): Props {
  const keys = Object.keys(Object.keys(wanted).length > 0 ? wanted : found);
  const as = (value: Value | undefined, pattern: Value | undefined): Value => {
    if (value === UNKNOWN) return "UNKNOWN";
    if (typeof value !== "string" || typeof pattern !== "string" || !pattern.startsWith("^")) return value ?? null;
    return new RegExp(pattern).test(value) ? pattern : value;
  };
  return Object.fromEntries(keys.map((key) => [key, as(found[key], wanted[key])]));
}

/** The run's steps, once it is clear that it went well. */
function done(run: Run): Step[] {
  expect(run.code, run.stdout + run.stderr).to.equal(0);
  return stepsOf(run);
}

/** The ids of all processes that descend from this one, with their command lines. */
function descendants(): Map<number, string> {
  const rows = outputOf("ps", ["-A", "-o", "pid=,ppid=,args="]).split("\n");
  const found = new Map([[process.pid, ""]]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const row of rows) {
      const [, pid, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [];
      if (found.has(Number(parent))) found.set(Number(pid), args);
    }
  }
  found.delete(process.pid);
  return found;
}

/** Waits until the test program runs: the ids of all processes of its run, and those of the language host and its children. */
async function running(): Promise<{ all: number[]; hosts: number[] }> {
  for (;;) {
    const processes = [...descendants()].filter(([, args]) => /engine-hang|pulumi/.test(args));
    const like = (pattern: RegExp) => processes.filter(([, args]) => pattern.test(args)).map(([pid]) => pid);
    if (like(/cmd\/run\//).length > 0) return { all: like(/^/), hosts: like(/language-nodejs|cmd\/run\b/) };
    await sleep(100);
  }
}

describe("The engine", () => {
  needsEngine();
  let stack: Workspace;
  afterEach(() => stack.remove());

  it("knows at a first preview the inputs, automatic names and the region, and shows a pack inputs and dependencies", async () => {
    stack = await workspace("test/harness/programs/bucket");
    const run = await stack.preview({ packs: [PACK] });
    const [bucket, block] = stepsOf(run) as [Step, Step];
    expect(bucket.inputs.bucket).to.match(/^models-[0-9a-f]{7}$/);
    expect(bucket.inputs).to.deep.equal({ bucket: bucket.inputs.bucket, forceDestroy: false });
    const unknown = { arn: UNKNOWN, bucketDomainName: UNKNOWN, bucketRegion: UNKNOWN };
    expect(bucket.outputs).to.deep.include({ ...bucket.inputs, ...unknown, region: "us-east-1" });
    const off = { blockPublicPolicy: false, ignorePublicAcls: false, restrictPublicBuckets: false };
    const inputs = { ...off, blockPublicAcls: true, bucket: UNKNOWN };
    expect(block.inputs).to.deep.equal(inputs);
    expect(block.outputs).to.deep.equal({ ...inputs, region: "us-east-1" });
    const urn = (type: string, name: string) => `urn:pulumi:dev::engine-bucket::${type}::${name}`;
    expect([run.code, run.violations]).to.deep.equal([
      1,
      [
        {
          ...{ policy: "inputs", pack: "engine-pack", level: "advisory", severity: "low" },
          urn: urn(BUCKET, "Models"),
          message: "Shows the inputs of a bucket.\ninputs: bucket forceDestroy",
        },
        {
          ...{ policy: "stack", pack: "engine-pack", level: "mandatory" },
          urn: urn(BLOCK, "block"),
          message: "Shows what a block depends on.\ndepends on Models",
        },
      ],
    ]);
  });

  it("keeps an automatic name, replaces what has it when it changes, and writes nothing into the program's folder", async () => {
    stack = await workspace("test/harness/programs/bucket");
    const files = () => outputOf("find", [stack.dir, "-type", "f"]);
    const before = files();
    const shown = (list: Step[], of: "inputs" | "outputs") => list.map((step) => [step.op, step.type, step[of].bucket]);
    const made = done(await stack.up());
    const name = made[0]?.outputs.bucket as string;
    const all = (op: string) => [BUCKET, BLOCK].map((type) => [op, type, name]);
    expect(shown(made, "outputs")).to.deep.equal(all("create"));
    expect(shown(done(await stack.preview()), "inputs")).to.deep.equal(all("same"));
    await stack.pulumi(["config", "set", "name", "renamed"]);
    const renamed = done(await stack.preview()).filter(({ op }) => op === "create-replacement");
    expect(renamed.map(({ inputs }) => inputs.bucket)).to.deep.equal(["renamed", UNKNOWN]);
    await stack.destroy();
    expect(files()).to.equal(before);
  });

  it("names, reads and identifies resources as AWS does; by a provider of unknown region, they have inputs alone", async () => {
    stack = await workspace({ name: "kinds", resources: KINDS });
    for (const run of ["preview", "up"] as const) {
      const steps = new Map(done(await stack[run]()).map((step) => [step.name, step]));
      for (const { name, [run]: wanted } of KINDS) {
        if (wanted === undefined) continue;
        const { op, inputs, outputs } = steps.get(name) ?? expect.fail(`nothing is done with ${name}`);
        const found = { op, inputs: asIn(wanted.inputs, inputs), outputs: asIn(wanted.outputs, outputs) };
        expect(found, `${run} ${name}`).to.deep.include(wanted);
      }
    }
  });

  const abort = new AbortController();
  const ends: [string, OperationOptions, (run: Run) => boolean][] = [
    ["a run is canceled", { signal: abort.signal }, (run) => run.stdout.includes("^C received; cancelling")],
    ["the CLI is killed", { limitMs: 15_000 }, (run) => run.stderr.includes("was ended by SIGKILL")],
  ];
  for (const [when, options, isSaid] of ends) {
    it(`leaves no process behind when ${when}`, async () => {
      stack = await workspace("test/harness/programs/hang");
      const run = stack.preview({ packs: [PACK], ...options });
      const { all, hosts } = await running();
      abort.abort();
      const ended = await run;
      expect([ended.code === 0, isSaid(ended)], ended.stdout + ended.stderr).to.deep.equal([false, true]);
      // Pulumi's own host asks only every five minutes whether the engine is there, and leaves its children to themselves.
      const isOurs = (await engine()).languageHost === "stand-in" || "signal" in options;
      const gone = isOurs ? all : all.filter((pid) => !hosts.includes(pid));
      for (let wait = 0; wait < 50 && gone.some(isAlive); wait += 1) await sleep(100);
      expect(gone.filter(isAlive)).to.deep.equal([]);
      for (const pid of hosts.filter(isAlive)) process.kill(pid, "SIGKILL");
    });
  }
});
