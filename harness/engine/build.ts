/** Builds the Pulumi CLI from the Go module pinned in a go.mod, for networks that reach only package registries. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command";
import { newFolder } from "./files";
import { locked } from "./lock";
import { CACHE } from "./paths";
import { ticking } from "./progress";

const MODULE = "github.com/pulumi/pulumi";
/** A cold build takes three minutes on two idle cores; one that takes this long has hung on a download. */
const LIMIT_MS = 45 * 60_000;

/** The CLI's version in a go.mod. */
export function pinnedVersion(goMod: string): string {
  const version = new RegExp(`^\\s*${MODULE}/pkg/v3 (v\\S+)`, "m").exec(goMod)?.[1];
  if (version === undefined) throw new Error(`harness/engine/go.mod does not require ${MODULE}/pkg/v3`);
  return version;
}

/** The oldest Go that a go.mod takes. */
export function requiredGo(goMod: string): string {
  const version = /^go (\S+)/m.exec(goMod)?.[1];
  if (version === undefined) throw new Error("harness/engine/go.mod names no version of Go");
  return version;
}

/** The folder of the build that these two files describe: another one whenever either of them changes. */
export function buildName(goMod: string, goSum: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([goMod, goSum]))
    .digest("hex");
  return `${pinnedVersion(goMod)}-${digest.slice(0, 12)}`;
}

/** The folders of the go.mod files that pin a CLI. */
const PINS = { newest: __dirname, older: join(__dirname, "older") };

/** Which of the two pinned CLIs the tests run with. */
export type Pin = keyof typeof PINS;

/**
 * The older one where `TEST_ENGINE=older` asks for it; then no other CLI of this machine will do.
 * @throws Error on another value, so that nobody takes a run with the newest for one with the older.
 */
export function chosenPin({ TEST_ENGINE: value }: NodeJS.ProcessEnv = process.env): Pin {
  if (value === undefined || value === "") return "newest";
  if (value in PINS) return value as Pin;
  throw new Error(`TEST_ENGINE is ${value}, and may be ${Object.keys(PINS).join(" or ")}`);
}

interface Pinned {
  version: string;
  /** The oldest Go that builds it. */
  go: string;
  /** The name of its folder in the cache. */
  name: string;
  /** The folder of its go.mod. */
  source: string;
}

function pinned(pin: Pin): Pinned {
  const source = PINS[pin];
  const [goMod, goSum] = ["go.mod", "go.sum"].map((name) => readFileSync(join(source, name), "utf8")) as [
    string,
    string,
  ];
  return { version: pinnedVersion(goMod), go: requiredGo(goMod), name: buildName(goMod, goSum), source };
}

/** The oldest Go that builds the chosen CLI. */
export function goForBuild(): string {
  return pinned(chosenPin()).go;
}

/** Where the chosen CLI is, if it was built before. */
export function builtCli(): string {
  return join(CACHE, pinned(chosenPin()).name, "pulumi");
}

/** Those of the folders that are builds and of no CLI that is pinned now: each is more than 100 MB. */
export function outdatedBuilds(folders: readonly string[]): string[] {
  const current = (Object.keys(PINS) as Pin[]).map((pin) => pinned(pin).name);
  return folders.filter((name) => /^v\d+\.\d+\.\d+-[0-9a-f]{12}$/.test(name) && !current.includes(name));
}

function removeOutdated(): void {
  for (const name of outdatedBuilds(readdirSync(CACHE))) {
    rmSync(join(CACHE, name), { recursive: true, force: true });
  }
}

async function goBuild(target: string, { version, source }: Pinned): Promise<void> {
  // Built elsewhere and then moved, so that a build that was interrupted never looks like a CLI.
  const folder = newFolder(join(CACHE, "building"));
  const unfinished = join(folder, "pulumi");
  const flags = `-s -w -X ${MODULE}/sdk/v3/go/common/version.Version=${version}`;
  try {
    const { code, stderr } = await run(
      "go",
      ["build", "-o", unfinished, "-ldflags", flags, `${MODULE}/pkg/v3/cmd/pulumi`],
      { cwd: source, limitMs: LIMIT_MS, env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" } },
    );
    if (code !== 0)
      throw new Error(`the Pulumi CLI could not be built with Go: ${stderr.trim().slice(-1000)}`);
    mkdirSync(dirname(target), { recursive: true });
    renameSync(unfinished, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds the CLI, unless another process is just doing that: then it waits for that one.
 * @throws Error with the reason when Go is missing or the build fails.
 */
export async function buildCli(say: (line: string) => void): Promise<void> {
  const chosen = pinned(chosenPin());
  const { version, name } = chosen;
  const target = join(CACHE, name, "pulumi");
  const before = existsSync(target);
  await ticking(`Building the Pulumi CLI ${version} (a few minutes, once)`, say, () =>
    locked(join(CACHE, `${name}.lock`), async () => {
      if (!before && existsSync(target)) return;
      await goBuild(target, chosen);
      removeOutdated();
    }),
  );
}
