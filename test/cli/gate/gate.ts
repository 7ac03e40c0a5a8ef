/** Runs the built gate on a program in a repository of its own. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { FORMATS, type FormatName } from "../../../cli/report/formats";
import type { Report } from "../../../cli/report/report";
import { placed } from "../../../cli/report/words";
import { type DataResource, workspace, type Workspace, writeProgram } from "../../harness/engine";
import { outputOf, run, runSync, type Running } from "../../harness/engine/command";
import { block, bucket } from "../../programs/resources";
import { tempFolder } from "../../temp-folder";

const ROOT = resolve(__dirname, "../../..");
export const CLI = join(ROOT, "dist/cli/main.js");
export const PACKS = join(ROOT, "test/programs/gate-packs");

/** A repository with a program in its folder infra, and a stack "dev" of it. It goes when this process ends. */
export interface Repository {
  readonly root: string;
  readonly stack: Workspace;
}

/** Programs that are data: without a finding, and with a finding each for two buckets. */
export const LOCKED = [bucket("models"), block("lock", "models")];
export const OPEN = [bucket("inner"), bucket("top")];

/** @param program one of test/programs, or resources */
export async function repository(
  program: string | readonly DataResource[],
  options: { prepare?: (project: string) => void; secret?: string; packages?: readonly string[] } = {},
): Promise<Repository> {
  // Below the checkout, so that the program finds @pulumi/aws.
  const parent = join(ROOT, ".cache/gate");
  mkdirSync(parent, { recursive: true });
  const root = tempFolder("repository", parent);
  const project = join(root, "infra");
  mkdirSync(join(root, ".git"));
  await writeProject(project, program);
  options.prepare?.(project);
  const stack = await workspace(project, { ...(options.packages && { packages: options.packages }) });
  if (options.secret !== undefined) {
    const { code, stderr } = await stack.pulumi(["config", "set", "--secret", "token", options.secret]);
    if (code !== 0) throw new Error(`the secret can't be set: ${stderr}`);
  }
  return { root, stack };
}

/** The blocks of gate-lost that an update is to replace. */
export const replaced = ["", "-first", "-first-secret"].flatMap((name) => [
  "--replace",
  `urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::replaced${name}-old`,
]);

async function writeProject(folder: string, program: string | readonly DataResource[], name = "shop"): Promise<void> {
  mkdirSync(folder);
  if (typeof program === "string") cpSync(join(ROOT, "test/programs", program), folder, { recursive: true });
  else await writeProgram(folder, { name, resources: program });
}

/** Puts one more project into the repository, with a stack dev in the same backend. */
export async function addProject(
  { root, stack }: Repository,
  program: readonly DataResource[],
  name: string,
): Promise<void> {
  await writeProject(join(root, name), program, name);
  await addStack({ root, stack }, name, "dev");
}

export async function addStack({ root, stack }: Repository, folder: string, name: string): Promise<void> {
  const { code, stderr } = await stack.pulumi(["stack", "init", name], { cwd: join(root, folder) });
  if (code !== 0) throw new Error(`the stack ${name} can't be made: ${stderr}`);
}

/** Makes the repository one of git's, with nothing in it. */
export function initialize(root: string, origin?: string): void {
  rmSync(join(root, ".git"), { recursive: true, force: true });
  outputOf("git", ["init", "--quiet", "--initial-branch", "main"], { cwd: root });
  if (origin !== undefined) outputOf("git", ["remote", "add", "origin", origin], { cwd: root });
}

/** Commits what there is. Returns the commit. */
export function commit(root: string, files = "."): string {
  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: root });
  git("add", "--all", files);
  git("commit", "--quiet", "--allow-empty", "--message", "Change it");
  return git("rev-parse", "HEAD").trim();
}

/** The processes that one has started and that are still there. */
export function childrenOf(pid: number): number[] {
  const { stdout } = runSync("pgrep", ["-P", String(pid)]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

const isRunning = (pid: number): boolean => {
  const { stdout } = runSync("ps", ["-o", "stat=", "-p", String(pid)]);
  return stdout.trim() !== "" && !stdout.startsWith("Z");
};

/** Those that still run after so many tenths of a second. */
export async function runningAfter(tenths: number, processes: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < tenths && processes.some(isRunning); tries += 1)
    await new Promise((done) => setTimeout(done, 100));
  return processes.filter(isRunning);
}

/** Does something to the gate and its processes once so many programs of test/harness/programs/hang run. */
export function whenHanging(act: (gate: number, started: number[]) => void, programs = 1): (gate: Running) => void {
  return (child) => {
    let output = "";
    let isDone = false;
    child.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (isDone || child.pid === undefined || (output.match(/hanging/g) ?? []).length < programs) return;
      isDone = true;
      act(child.pid, descendantsOf(child.pid));
    });
  };
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The text of each report; undefined when there is none. */
  readonly reports: Readonly<Record<FormatName, string | undefined>>;
}

/** The findings of its JSON report: place, level and policy, then the resource. */
export function findingsIn({ reports }: Outcome): string[] {
  const { stacks } = JSON.parse(reports.json ?? "") as { stacks: readonly Pick<Report, "findings">[] };
  return stacks.flatMap(({ findings }) =>
    findings.map(({ position, blocks, kind, pack, policy, urn }) => {
      const place = position === undefined ? "" : `${placed({ column: 1, ...position })} `;
      const level = `${blocks ? "mandatory" : "advisory"}${kind === "violation" ? "" : `, ${kind}`}`;
      return `${place}[${level}] ${pack}/${policy} ${urn.replace("urn:pulumi:dev::shop::", "")}`;
    }),
  );
}

/** The variables by which a job is known, wherever these tests run themselves. */
const JOB = /^(GITHUB_|CI$|CI_|RUNNER_)/;

export function jobless(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !JOB.test(name)));
}

/** `s3-public-access-block preview` in the repository's root, with all its reports. `started` gets the process; `node` runs it, on `which` stacks. */
export async function gate(
  { root, stack }: Repository,
  args: readonly string[] = [],
  {
    env = {},
    started,
    node = process.execPath,
    which = "--stack dev --cwd infra",
  }: { env?: NodeJS.ProcessEnv; started?: (gate: Running) => unknown; node?: string; which?: string } = {},
): Promise<Outcome> {
  const reports = FORMATS.map(({ name }) => name);
  const files = reports.flatMap((kind) => [`--${kind}`, `out/${kind}`]);
  const argv = ["preview", ...which.split(" "), ...files];
  mkdirSync(join(root, "out"), { recursive: true });
  const finished = await run(node, [CLI, ...argv, ...args], {
    cwd: root,
    env: { ...jobless(stack.env), ...env },
    keepColors: true,
    ...(started && { started }),
  });
  const read = (kind: string): string | undefined => {
    const file = join(root, "out", kind);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  return { ...finished, reports: Object.fromEntries(reports.map((kind) => [kind, read(kind)])) as Outcome["reports"] };
}
