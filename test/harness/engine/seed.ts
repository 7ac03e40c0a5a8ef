/** An empty stack "dev", made by the CLI once in a process and copied for each workspace: `stack init` takes half a second. */
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { run } from "./command";
import { readIfThere } from "./files";

export const STACK = "dev";
export const PASSPHRASE = "passphrase";
const PROJECT = "seed";

/** Where the parts of a workspace are in its folder. */
export const layout = (folder: string) => ({
  home: join(folder, "home"),
  state: join(folder, "state"),
  configFile: join(folder, `Pulumi.${STACK}.yaml`),
});

/** What a run of the CLI needs to find the workspace's state. */
export function stateEnvironment(folder: string): NodeJS.ProcessEnv {
  const { home, state } = layout(folder);
  return { PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };
}

/**
 * Makes the stack of a project named "seed" in `folder`.
 * @throws Error with the CLI's own words when it can't.
 */
export async function makeSeed(folder: string, pulumi: string, env: NodeJS.ProcessEnv): Promise<string> {
  await mkdir(layout(folder).state);
  await writeFile(join(folder, "Pulumi.yaml"), stringify({ name: PROJECT, runtime: "nodejs" }));
  const { code, stderr } = await run(pulumi, ["stack", "init", STACK, "--non-interactive"], {
    cwd: folder,
    env: { ...env, ...stateEnvironment(folder) },
  });
  if (code !== 0) throw new Error(`no stack could be made in ${folder}: ${stderr}`);
  return folder;
}

/** Copies the seed's stack into `folder` as the stack of another project, with a configuration. */
export async function copySeed(
  seed: string,
  folder: string,
  project: string,
  config: Record<string, unknown>,
): Promise<void> {
  const from = layout(seed);
  const to = layout(folder);
  const stacks = join(to.state, ".pulumi/stacks");
  await cp(from.state, to.state, { recursive: true });
  await rename(join(stacks, PROJECT), join(stacks, project));
  const file = join(stacks, project, `${STACK}.json`);
  // Its .attrs holds a checksum of the file that is about to change; the CLI makes do without.
  await rm(`${file}.attrs`, { force: true });
  const checkpoint = await readFile(file, "utf8");
  const [before, after] = [PROJECT, project].map((name) => `"organization/${name}/${STACK}"`) as [string, string];
  if (!checkpoint.includes(before)) throw new Error(`${file} is not the checkpoint of ${before}`);
  await writeFile(file, checkpoint.replace(before, after));
  const settings = parse(readIfThere(from.configFile) ?? "") as Record<string, unknown>;
  await writeFile(to.configFile, stringify({ ...settings, config }));
}
