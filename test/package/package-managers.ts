import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../harness/engine/command";
import { CACHE, installed } from "./pack";

/** A package manager that a consumer can have. */
export interface PackageManager {
  name: string;
  /** Adds a development dependency to the project in `folder`. Its caches lie in `cache`. */
  add: (dependency: string, folder: string, registry: string, cache: string) => Promise<Finished>;
  /** What docs/gate.md says: prints the folder of the policy pack in a package, from the project's folder. */
  packFolder?: (dependency: string, folder: string) => Promise<Finished>;
}

/** Each is a package in the registry, at a version that it is known to work with. */
const VERSIONS = { pnpm: "12.21.0", yarn: "1.22.22", "@yarnpkg/cli-dist": "4.18.1" };

/** The executables, installed into the cache where they aren't there. */
async function script(name: keyof typeof VERSIONS, file: string): Promise<string> {
  const folder = join(CACHE, `package-managers-${Object.values(VERSIONS).join("-")}`);
  const found = join(folder, "node_modules", name, file);
  const packages = Object.entries(VERSIONS).map(([each, version]) => `${each}@${version}`);
  await installed(folder, found, packages);
  return found;
}

/** Without the settings of npm that this very process may have been started with. */
const clean = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  ...more,
});

const npmSettings = (registry: string, cache: string): NodeJS.ProcessEnv =>
  clean({ npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: "0" });

export const PACKAGE_MANAGERS: PackageManager[] = [
  {
    name: "npm",
    add: (dependency, folder, registry, cache) =>
      run("npm", ["install", "--save-dev", dependency], { cwd: folder, env: npmSettings(registry, cache) }),
  },
  {
    name: "pnpm",
    async add(dependency, folder, registry, cache) {
      const places = ["--registry", registry, "--store-dir", join(cache, "store")];
      const command = [await script("pnpm", "bin/pnpm.mjs"), "add", "--save-dev", ...places, dependency];
      return run(process.execPath, command, { cwd: folder, env: clean({ XDG_CACHE_HOME: cache }) });
    },
  },
  {
    name: "Yarn 1",
    async add(dependency, folder, registry, cache) {
      const command = [await script("yarn", "bin/yarn.js"), "add", "--dev", dependency];
      const env = { ...npmSettings(registry, cache), YARN_REGISTRY: registry, YARN_CACHE_FOLDER: cache };
      return run(process.execPath, command, { cwd: folder, env });
    },
  },
  { name: "Yarn 4 with node_modules", add: (...project) => addWithYarn4("node-modules", ...project) },
  {
    name: "Yarn 4 with Plug'n'Play",
    add: (...project) => addWithYarn4("pnp", ...project),
    packFolder: async (dependency, folder) =>
      yarn4(["node", "-p", `path.dirname(require.resolve("${dependency}"))`], folder, npmSettings("", "")),
  },
];

const YARN_4 = { YARN_ENABLE_TELEMETRY: "0", YARN_NPM_MINIMAL_AGE_GATE: "0", YARN_IGNORE_PATH: "1" };

const yarn4 = async (args: string[], folder: string, env: NodeJS.ProcessEnv): Promise<Finished> =>
  run(process.execPath, [await script("@yarnpkg/cli-dist", "bin/yarn.js"), ...args], {
    cwd: folder,
    env: { ...env, ...YARN_4 },
  });

async function addWithYarn4(
  linker: "node-modules" | "pnp",
  dependency: string,
  folder: string,
  registry: string,
  cache: string,
): Promise<Finished> {
  const settings = `nodeLinker: ${linker}\nenableGlobalCache: false\ncacheFolder: ${cache}\n`;
  writeFileSync(join(folder, ".yarnrc.yml"), settings);
  writeFileSync(join(folder, "yarn.lock"), "");
  return yarn4(["add", "--dev", dependency], folder, {
    ...npmSettings(registry, cache),
    ...{ YARN_NPM_REGISTRY_SERVER: registry, YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1" },
  });
}
