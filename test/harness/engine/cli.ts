/** Finds a Pulumi CLI: on PATH, else installed into the cache, else built from the Go module. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { buildCli, builtCli, chosenPin, goForBuild } from "./build";
import { run } from "./command";
import type { Finished } from "./command";
import type { Say } from "./files";
import { installCli, installedCli } from "./install";

export interface Cli {
  /** The absolute path of the pulumi executable. */
  pulumi: string;
  /** Its version, like v3.276.0. */
  version: string;
  origin: "path" | "installed" | "built";
  /** The folder of the Node.js language host that comes with it; undefined when none does. */
  languageHost: string | undefined;
}

/** A way to get a CLI into the cache. */
export interface Maker {
  origin: Exclude<Cli["origin"], "path">;
  /** The place of the CLI, if it was made before. */
  made: string;
  /** Makes it. Rejects with the reason when that can't be done. */
  make(say: Say): Promise<void>;
}

/** The inputs of the search, so that the search itself can be tested. */
export interface Sources {
  /** The folders of PATH. */
  path: string[];
  /** In the order of preference. */
  makers: Maker[];
  isExecutable(file: string): boolean;
  /** Runs `FILE version`. */
  version(file: string): Promise<Finished>;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The sources of this machine. An older CLI that was asked for is built: the ones that it has are of any version. */
export function sources(): Sources {
  const isAny = chosenPin() === "newest";
  const built: Maker = { origin: "built", made: builtCli(), make: buildCli };
  const installed: Maker = { origin: "installed", made: installedCli(), make: installCli };
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return {
    path: isAny ? (process.env.PATH ?? "").split(delimiter).filter(Boolean) : [],
    makers: isAny ? [installed, built] : [built],
    isExecutable,
    version: (file) => run(file, ["version"], { limitMs: 60_000, env }),
  };
}

/**
 * Finds a CLI: the one on PATH, one that was made before, or else one that is made now.
 * @throws Error that names what was tried and what to install.
 */
export async function findCli(from: Sources, say: Say): Promise<Cli> {
  const reasons: string[] = [];
  /** The CLI at `pulumi`; undefined, with the reason added, when it doesn't run. */
  const tryOut = async (pulumi: string, origin: Cli["origin"], hosts: string[]) => {
    const { code, stdout, stderr } = await from.version(pulumi);
    const version = stdout.trim();
    const languageHost = hosts.find((folder) => from.isExecutable(join(folder, "pulumi-language-nodejs")));
    if (code === 0 && version !== "") return { pulumi, version, origin, languageHost };
    reasons.push(`${pulumi} does not run: ${stderr.trim() || `exit code ${String(code)}`}`);
    return undefined;
  };
  // A built CLI has no language host of its own: what may lie beside it is this folder's.
  const tryMade = ({ origin, made }: Maker) => tryOut(made, origin, origin === "built" ? [] : [dirname(made)]);

  const folder = from.path.find((each) => from.isExecutable(join(each, "pulumi")));
  if (folder === undefined) reasons.push("there is no pulumi on PATH");
  else {
    const cli = await tryOut(join(folder, "pulumi"), "path", [folder, ...from.path]);
    if (cli) return cli;
  }
  for (const maker of from.makers.filter(({ made }) => from.isExecutable(made))) {
    const cli = await tryMade(maker);
    if (cli) return cli;
  }
  for (const maker of from.makers) {
    try {
      await maker.make(say);
      const cli = await tryMade(maker);
      if (cli) return cli;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    [
      "The Pulumi CLI is needed and could not be found, installed or built.",
      ...reasons.map((reason) => `  - ${reason.trim().replaceAll("\n", "\n    ")}`),
      `Install the Pulumi CLI and put it on PATH (https://www.pulumi.com/docs/install/), or install Go ${goForBuild()} or newer,`,
      "with which it is built from the Go module proxy. Then run this again.",
    ].join("\n"),
  );
}
