import { expect } from "chai";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputOf } from "./command";
import { engine } from "./engine";
import { known, steps, unknown } from "./events";
import type { Step } from "./events";
import { workspace } from "./index";
import type { Run, Workspace } from "./index";
import { ROOT } from "./paths";
import { isAlive } from "./processes";
import { UNKNOWN } from "./values";
import { needsEngine } from "./needs-engine";

const PACK = join(ROOT, "harness/programs/pack");
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** The run's steps, once it is clear that it went well. */
function stepsOf(run: Run): Step[] {
  expect(run.code, run.stdout + run.stderr).to.equal(0);
  return steps(run).filter(({ type }) => type.startsWith("aws:"));
}

/** The ids of all processes that descend from this one, with their command lines. */
function descendants(): Map<number, string> {
  const table = outputOf("ps", ["-A", "-o", "pid=,ppid=,args="]);
  const rows = table.split("\n").flatMap((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return args === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const found = new Map([[process.pid, ""]]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { pid, parent, args } of rows) if (found.has(parent)) found.set(pid, args);
  }
  found.delete(process.pid);
  return found;
}

/** Waits until a test program is running, and returns all processes that belong to its run, and which of them are the language host and its children. */
async function processesOfRunningProgram(): Promise<{ all: number[]; hosts: number[] }> {
  for (;;) {
    const processes = [...descendants()].filter(([, args]) => /engine-hang|pulumi/.test(args));
    const pids = (list: [number, string][]) => list.map(([pid]) => pid);
    if (processes.some(([, args]) => args.includes("cmd/run/")))
      return {
        all: pids(processes),
        hosts: pids(processes.filter(([, args]) => /language-nodejs|cmd\/run\b/.test(args))),
      };
    await sleep(100);
  }
}

async function expectToEnd(processes: number[]): Promise<void> {
  for (let wait = 0; wait < 50 && processes.some(isAlive); wait += 1) await sleep(100);
  expect(processes.filter(isAlive)).to.deep.equal([]);
}

describe("The engine", () => {
  needsEngine();
  let stack: Workspace;
  afterEach(() => stack.remove());

  it("knows at a first preview the inputs, automatic names and the region, and nothing that AWS computes", async () => {
    stack = await workspace("harness/programs/bucket");
    const [bucket, block] = stepsOf(await stack.preview()) as [Step, Step];
    expect(bucket.inputs.bucket).to.match(/^models-[0-9a-f]{7}$/);
    expect(bucket.inputs).to.deep.equal({ bucket: bucket.inputs.bucket, forceDestroy: false });
    expect(known(bucket.outputs)).to.deep.equal({ ...bucket.inputs, region: "us-east-1" });
    expect(unknown(bucket.outputs)).to.include.members([
      "arn",
      "bucketDomainName",
      "bucketRegion",
      "hostedZoneId",
    ]);
    const flags = {
      blockPublicAcls: true,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    };
    expect(block.inputs).to.deep.equal({ ...flags, bucket: UNKNOWN });
    expect(block.outputs).to.deep.equal({ ...flags, bucket: UNKNOWN, region: "us-east-1" });
  });

  it("keeps an automatic name once the stack is there, and replaces what the name belongs to when it changes", async () => {
    stack = await workspace("harness/programs/bucket");
    const made = stepsOf(await stack.up());
    const name = made[0]?.outputs.bucket as string;
    expect(made.map(({ op, type, outputs }) => [op, type, outputs.bucket])).to.deep.equal([
      ["create", BUCKET, name],
      ["create", BLOCK, name],
    ]);
    const later = stepsOf(await stack.preview());
    expect(later.map(({ op, type, inputs }) => [op, type, inputs.bucket])).to.deep.equal([
      ["same", BUCKET, name],
      ["same", BLOCK, name],
    ]);
    await stack.pulumi(["config", "set", "name", "renamed"]);
    const renamed = stepsOf(await stack.preview()).filter(({ op }) => op === "create-replacement");
    expect(renamed.map(({ type, inputs }) => [type, inputs.bucket])).to.deep.equal([
      [BUCKET, "renamed"],
      [BLOCK, UNKNOWN],
    ]);
  });

  it("reads a bucket that is not the stack's, and calls the provider's functions, at a preview too", async () => {
    stack = await workspace("harness/programs/get");
    const run = await stack.preview();
    expect(stepsOf(run).map(({ op, name, outputs }) => [op, name, outputs.arn])).to.deep.equal([
      ["read", "shared", "arn:aws:s3:::shared-models"],
    ]);
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::shared-models"] }],
    };
    expect(steps(run).at(-1)?.outputs).to.deep.equal({
      account: "123456789012",
      arn: "arn:aws:s3:::shared-models",
      policy: JSON.stringify(policy),
    });
  });

  it("previews resources of a provider whose region is unknown with their inputs as given and no outputs", async () => {
    stack = await workspace("harness/programs/unknown-region");
    const elsewhere = stepsOf(await stack.preview()).filter(({ name }) => name !== "first");
    expect(elsewhere.map(({ type, inputs, outputs }) => [type, inputs, outputs])).to.deep.equal([
      [BUCKET, { bucket: "models" }, {}],
      [BLOCK, { blockPublicAcls: true, bucket: UNKNOWN }, {}],
    ]);
  });

  it("names and identifies resources as AWS does: by prefix, by account, by bucket, by name", async () => {
    stack = await workspace("harness/programs/types");
    const previewed = Object.fromEntries(stepsOf(await stack.preview()).map((step) => [step.name, step]));
    expect(previewed.prefixed?.outputs.bucket).to.equal(UNKNOWN);
    expect(previewed.account?.outputs.accountId).to.equal(UNKNOWN);
    const { bucket, account, versions, role } = await stack.up().then((run) => {
      stepsOf(run);
      return steps(run).at(-1)?.outputs as Record<string, string>;
    });
    expect(bucket).to.match(/^models-[0-9a-f]+$/);
    expect(role).to.match(/^Reader-[0-9a-f]{7}$/);
    expect({ account, versions }).to.deep.equal({ account: "123456789012", versions: bucket });
  });

  it("shows a policy pack inputs and dependencies, and hands back each violation with all that is known of it", async () => {
    stack = await workspace("harness/programs/bucket");
    const { code, violations } = await stack.preview({ packs: [PACK] });
    const urn = (type: string, name: string) => `urn:pulumi:dev::engine-bucket::${type}::${name}`;
    expect({ code, violations }).to.deep.equal({
      code: 1,
      violations: [
        {
          policy: "inputs",
          pack: "engine-pack",
          level: "advisory",
          urn: urn(BUCKET, "Models"),
          message: "Shows the inputs of a bucket.\ninputs: bucket forceDestroy",
          severity: "low",
        },
        {
          policy: "stack",
          pack: "engine-pack",
          level: "mandatory",
          urn: urn(BLOCK, "block"),
          message: "Shows what a block depends on.\ndepends on Models",
        },
      ],
    });
  });

  it("leaves no process behind when a run is cancelled", async () => {
    stack = await workspace("harness/programs/hang");
    const cancel = new AbortController();
    const run = stack.preview({ packs: [PACK], signal: cancel.signal });
    const { all } = await processesOfRunningProgram();
    cancel.abort();
    const { code, stdout } = await run;
    expect([code, stdout.includes("^C received; cancelling")], stdout).to.deep.equal([1, true]);
    await expectToEnd(all);
  });

  it("leaves no process behind when the CLI is killed", async () => {
    stack = await workspace("harness/programs/hang");
    const run = stack.preview({ packs: [PACK], limitMs: 15_000 });
    const { all, hosts } = await processesOfRunningProgram();
    expect((await run).stderr).to.include("was ended by SIGKILL");
    // Pulumi's own host asks only every five minutes whether the engine is there, and leaves its children to themselves.
    const { languageHost } = await engine();
    await expectToEnd(languageHost === "stand-in" ? all : all.filter((pid) => !hosts.includes(pid)));
    for (const pid of hosts.filter(isAlive)) process.kill(pid, "SIGKILL");
  });

  it("writes nothing into the program's folder", async () => {
    stack = await workspace("harness/programs/bucket");
    const changes = () => outputOf("find", [stack.dir, "-type", "f"]).split("\n").filter(Boolean).sort();
    const before = changes();
    await stack.up();
    await stack.destroy();
    expect(changes()).to.deep.equal(before);
  });
});
