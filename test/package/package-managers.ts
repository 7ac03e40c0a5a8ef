import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { type Finished, run } from "../harness/engine/command";
import { CACHE, installed } from "./pack";

interface PackageManager {
  script?: readonly [name: string, file: string];
  add: readonly string[];
  exec: readonly string[];
  env?: NodeJS.ProcessEnv;
  files?: Record<string, string>;
  packFolder?: readonly string[];
}
const { versions, managers } = parse(readFileSync(join(__dirname, "package-managers.yaml"), "utf8"), {
  merge: true,
}) as { versions: Record<string, string>; managers: Record<string, PackageManager> };

export const PACKAGE_MANAGERS = Object.entries(managers);

/** Runs a package manager in the project in `folder`, without the settings of npm that this process may have been started with. */
export function managed(
  manager: PackageManager,
  folder: string,
  places: Record<"REGISTRY" | "CACHE" | "PACKAGE", string>,
) {
  const text = JSON.stringify(manager).replace(
    /(?<=")(?:REGISTRY|CACHE)(?=[/"])|PACKAGE/g,
    (name) => places[name as "CACHE"],
  );
  const { script, env, files = {}, ...commands } = JSON.parse(text) as PackageManager;
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const npm = { npm_config_registry: places.REGISTRY, npm_config_cache: places.CACHE, npm_config_fetch_retries: "0" };
  const runIn = async (args: readonly string[]): Promise<Finished> => {
    const options = { cwd: folder, env: { ...Object.fromEntries(own), ...npm, ...env } };
    if (script === undefined) return run("npm", args, options);
    const [name, file] = script;
    const tools = join(CACHE, `package-managers-${Object.values(versions).join("-")}`);
    const found = join(tools, "node_modules", name, file);
    const packages = Object.entries(versions).map(([each, version]) => `${each}@${version}`);
    await installed(tools, found, packages);
    return run(process.execPath, [found, ...args], options);
  };
  return { ...commands, runIn };
}
