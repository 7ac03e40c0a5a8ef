/** Runs the built gate on a program in a repository of its own. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { FORMATS, type FormatName } from "../../../cli/report/formats";
import { workspace, type Workspace } from "../../../harness/engine";
import { run, type Running } from "../../../harness/engine/command";

const ROOT = resolve(__dirname, "../../..");
export const CLI = join(ROOT, "dist/cli/main.js");
export const PACKS = join(ROOT, "test/programs/gate-packs");

/** A repository with a program of test/programs in its folder infra, and a stack "dev" of it. */
export interface Repository {
  readonly root: string;
  readonly stack: Workspace;
  remove(): Promise<void>;
}

export async function repository(
  program: string,
  options: { prepare?: (project: string) => void; secret?: string; packages?: readonly string[] } = {},
): Promise<Repository> {
  // Below the checkout, so that the program finds @pulumi/aws.
  const parent = join(ROOT, ".cache/gate");
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, "repository-"));
  const project = join(root, "infra");
  mkdirSync(join(root, ".git"));
  cpSync(join(ROOT, "test/programs", program), project, { recursive: true });
  options.prepare?.(project);
  const stack = await workspace(project, { ...(options.packages && { packages: options.packages }) });
  if (options.secret !== undefined) {
    const { code, stderr } = await stack.pulumi(["config", "set", "--secret", "token", options.secret]);
    if (code !== 0) throw new Error(`the secret can't be set: ${stderr}`);
  }
  return {
    root,
    stack,
    async remove() {
      await stack.remove();
      rmSync(root, { recursive: true });
    },
  };
}

/** The blocks of gate-lost that an update is to replace. */
export const replaced = ["", "-first", "-first-secret"].flatMap((name) => [
  "--replace",
  `urn:pulumi:dev::shop::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::replaced${name}-old`,
]);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The text of each report; undefined when there is none. */
  readonly reports: Readonly<Record<FormatName, string | undefined>>;
}

/** The variables by which a job is known, wherever these tests run themselves. */
const JOB = /^(GITHUB_|CI$|CI_|RUNNER_)/;

export function jobless(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !JOB.test(name)));
}

/** `s3-public-access-block preview` in the repository's root, with all its reports. `started` gets the process; `node` runs it. */
export async function gate(
  { root, stack }: Repository,
  args: readonly string[] = [],
  {
    env = {},
    started,
    node = process.execPath,
  }: { env?: NodeJS.ProcessEnv; started?: (gate: Running) => unknown; node?: string } = {},
): Promise<Outcome> {
  const reports = FORMATS.map(({ name }) => name);
  const argv = [
    "preview",
    "--stack",
    "dev",
    "--cwd",
    "infra",
    ...reports.flatMap((kind) => [`--${kind}`, `out/${kind}`]),
  ];
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
  return {
    ...finished,
    reports: Object.fromEntries(reports.map((kind) => [kind, read(kind)])) as Outcome["reports"],
  };
}
