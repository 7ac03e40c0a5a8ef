/** A stack of a program, with a PULUMI_HOME, a file backend and a passphrase of its own. */
import { rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { run } from "./command";
import type { CommandOptions } from "./command";
import { engine } from "./engine";
import { newFolder, readIfThere } from "./files";
import { DATA_FILE } from "./language-host/data";
import type { DataResource } from "./language-host/data";
import { CACHE, ROOT } from "./paths";
import { standInFor } from "./plugins";
import { readEvents, violationsIn } from "./run";
import type { Run } from "./run";

export interface RunOptions {
  /** Extra environment, on top of the workspace's. */
  env?: NodeJS.ProcessEnv;
  /** Aborting it interrupts the CLI, as Ctrl-C does. */
  signal?: AbortSignal;
  /** Milliseconds after which the CLI is killed; a little less than a test may take. */
  limitMs?: number;
}

export interface OperationOptions extends RunOptions {
  /** Policy packs: folders or executable files. */
  packs?: string[];
  /** Policy pack configuration files, one for each pack. */
  configs?: string[];
  /** Further arguments. */
  args?: string[];
}

export type Workspace = Awaited<ReturnType<typeof workspace>>;

/** Less than the tests' own limit (package.json), so that a CLI that hangs is not left behind. */
const LIMIT_MS = 110_000;

const live = new Set<string>();
process.once("exit", () => {
  for (const folder of live) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const STACK = "dev";
const PASSPHRASE = "passphrase";
/** The salt that `pulumi stack init` once wrote for that passphrase. */
const SALT = "v1:z//+uRysjj0=:v1:mq5BLPbZ1s036bAR:B/4Ac/en0zg6jdsAo34qw4B/Al867w==";

/** Writes an empty stack as `pulumi stack init` does, which takes half a second. */
async function initialize(state: string, project: string, settings: string, config: object): Promise<void> {
  const stacks = join(state, ".pulumi/stacks", project);
  await mkdir(stacks, { recursive: true });
  await writeFile(join(state, ".pulumi/meta.yaml"), "version: 1\n");
  const checkpoint = { stack: `organization/${project}/${STACK}` };
  await writeFile(join(stacks, `${STACK}.json`), JSON.stringify({ version: 3, checkpoint }));
  await writeFile(settings, stringify({ encryptionsalt: SALT, config }));
}

function projectName(dir: string): string {
  const project = readIfThere(join(dir, "Pulumi.yaml"));
  if (project === undefined) throw new Error(`${dir} isn't a Pulumi project: it has no Pulumi.yaml`);
  return (parse(project) as { name: string }).name;
}

/** A program that is data: its resources, and the name of its project. */
export interface DataProgram {
  name: string;
  resources: readonly DataResource[];
}

/** Writes a program that is data into a folder. */
export async function writeProgram(folder: string, { name, resources }: DataProgram): Promise<void> {
  await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name, runtime: "data" }));
  await writeFile(join(folder, DATA_FILE), JSON.stringify(resources));
}

/**
 * A fresh stack "dev" of the program in `program`, a folder (from the root of the project), or a name in test/programs, or
 * of one that is data, which starts a second sooner. The CLI runs in the
 * program's folder, but the stack's configuration file is the workspace's own, so that the folder stays clean and
 * several stacks of one program can be at work at once. `config` is the stack's configuration; aws:region is us-east-1
 * unless it says otherwise.
 */
export async function workspace(
  program: string | DataProgram,
  options: {
    env?: NodeJS.ProcessEnv;
    config?: Record<string, unknown>;
    /** Packages beside aws that the stand-in plays, such as that of a Terraform module. */
    packages?: readonly string[];
  } = {},
) {
  const { pulumi: cli, env: base } = await engine();
  const folder = newFolder(join(CACHE, "workspaces"));
  live.add(folder);
  let dir = folder;
  if (typeof program === "string") dir = resolve(ROOT, program.includes("/") ? "." : "test/programs", program);
  else await writeProgram(dir, program);
  const project = projectName(dir);
  const [home, state, configFile] = [join(folder, "home"), join(folder, "state"), join(folder, `Pulumi.${STACK}.yaml`)];
  await initialize(state, project, configFile, { "aws:region": "us-east-1", ...options.config });

  const env: NodeJS.ProcessEnv = {
    ...base,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_STACK: STACK,
    PWD: dir, // As in a shell.
    // The CLI reads an option that a command was not given from PULUMI_OPTION_NAME.
    PULUMI_OPTION_CONFIG_FILE: configFile,
    PULUMI_OPTION_NON_INTERACTIVE: "true",
    PULUMI_OPTION_COLOR: "never",
    ...(options.packages && { PATH: [standInFor(options.packages), base.PATH].filter(Boolean).join(delimiter) }),
    ...options.env,
  };
  const command = (args: string[], more: CommandOptions) =>
    run(cli, args, { limitMs: LIMIT_MS, cwd: dir, ...more, env: { ...env, ...more.env } });

  let runs = 0;
  const operation =
    (...verb: string[]) =>
    async (given: OperationOptions = {}): Promise<Run> => {
      const { packs = [], configs = [], args = [], ...more } = given;
      const log = join(folder, `events-${String((runs += 1))}.jsonl`);
      const own = ["--config-file", configFile, "--event-log", log, "--non-interactive", "--color", "never"];
      const packFlags = packs.flatMap((pack) => ["--policy-pack", pack]);
      const configFlags = configs.flatMap((file) => ["--policy-pack-config", file]);
      const finished = await command([...verb, ...own, ...packFlags, ...configFlags, ...args], more);
      const events = readEvents(log);
      return { ...finished, events, violations: violationsIn(events) };
    };

  return {
    /** The program's folder, where the CLI runs. Nothing is written there, unless the program is data. */
    dir,
    /** PULUMI_HOME, in the workspace's own folder. */
    home,
    /** With it any pulumi command in `dir` is about the stack "dev". */
    env,
    /** Any pulumi command, without a terminal and without colors. */
    pulumi: async (args: string[], more: RunOptions & { cwd?: string } = {}): Promise<Run> => ({
      ...(await command(args, more)),
      ...{ events: [], violations: [] },
    }),
    preview: operation("preview"),
    up: operation("up", "--yes", "--skip-preview"),
    destroy: operation("destroy", "--yes", "--skip-preview"),
    /** Gives a program that is data other resources. */
    write: (resources: readonly DataResource[]) => writeProgram(dir, { name: project, resources }),
    /** The stack's deployment, as `pulumi stack export` gives it. */
    async export() {
      const { code, stdout, stderr } = await command(["stack", "export"], {});
      if (code !== 0) throw new Error(`the stack can't be exported: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      live.delete(folder);
    },
  };
}
