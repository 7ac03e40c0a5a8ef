import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../harness/engine/command";
import { CACHE, installed } from "./pack";

/** Each is a package in the registry, at a version that it is known to work with. */
const VERSIONS = { pnpm: "12.21.0", yarn: "1.22.22", "@yarnpkg/cli-dist": "4.18.1" };

/** A package manager that a consumer can have. */
interface PackageManager {
  name: string;
  /** Its package and the script in that; none for the npm of this machine. */
  script?: readonly [name: keyof typeof VERSIONS, file: string];
  /** Adds a development dependency. */
  add: readonly string[];
  /** Where it looks for packages and keeps them, as arguments or variables beside npm's, or in files of the project. */
  args?: (registry: string, cache: string) => string[];
  env?: (registry: string, cache: string) => NodeJS.ProcessEnv;
  files?: (cache: string) => Record<string, string>;
  /** As docs/gate.md says: prints the folder of the policy pack in a package, from the project's folder. */
  packFolder?: (dependency: string) => string[];
}

const yarn4 = (name: string, linker: "node-modules" | "pnp"): PackageManager => ({
  name,
  script: ["@yarnpkg/cli-dist", "bin/yarn.js"],
  add: ["add", "--dev"],
  env: (registry) => ({
    ...{ YARN_ENABLE_TELEMETRY: "0", YARN_NPM_MINIMAL_AGE_GATE: "0", YARN_IGNORE_PATH: "1" },
    ...{ YARN_NPM_REGISTRY_SERVER: registry, YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1" },
  }),
  files: (cache) => ({
    ".yarnrc.yml": `nodeLinker: ${linker}\nenableGlobalCache: false\ncacheFolder: ${cache}\n`,
    "yarn.lock": "",
  }),
});

export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  { name: "npm", add: ["install", "--save-dev"] },
  {
    ...{ name: "pnpm", script: ["pnpm", "bin/pnpm.mjs"], add: ["add", "--save-dev"] },
    args: (registry, cache) => ["--registry", registry, "--store-dir", join(cache, "store")],
    env: (_, cache) => ({ XDG_CACHE_HOME: cache }),
  },
  {
    ...{ name: "Yarn 1", script: ["yarn", "bin/yarn.js"], add: ["add", "--dev"] },
    env: (registry, cache) => ({ YARN_REGISTRY: registry, YARN_CACHE_FOLDER: cache }),
  },
  yarn4("Yarn 4 with node_modules", "node-modules"),
  {
    ...yarn4("Yarn 4 with Plug'n'Play", "pnp"),
    packFolder: (dependency) => ["node", "-p", `path.dirname(require.resolve("${dependency}"))`],
  },
];

/** Runs a package manager in the project in `folder`, without the settings of npm that this process may have been started with. */
export function managed({ script, env, files }: PackageManager, folder: string, registry: string, cache: string) {
  for (const [file, text] of Object.entries(files?.(cache) ?? {})) writeFileSync(join(folder, file), text);
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const npm = { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: "0" };
  return async (args: readonly string[]): Promise<Finished> => {
    const options = { cwd: folder, env: { ...Object.fromEntries(own), ...npm, ...env?.(registry, cache) } };
    if (script === undefined) return run("npm", args, options);
    const [name, file] = script;
    const tools = join(CACHE, `package-managers-${Object.values(VERSIONS).join("-")}`);
    const found = join(tools, "node_modules", name, file);
    const packages = Object.entries(VERSIONS).map(([each, version]) => `${each}@${version}`);
    await installed(tools, found, packages);
    return run(process.execPath, [found, ...args], options);
  };
}
