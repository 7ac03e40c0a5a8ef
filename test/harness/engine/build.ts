/** Builds the Pulumi CLI from the Go module pinned in a go.mod, for networks that reach only package registries. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command";
import { makeOnce, newFolder } from "./files";
import type { Say } from "./files";
import { CACHE } from "./paths";

const MODULE = "github.com/pulumi/pulumi";

/**
 * Builds what is in a folder with Go. A cold build takes minutes on two idle cores; one that takes 45 has hung on a download.
 * @throws Error with the end of Go's words
 */
export async function goBuild(cwd: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const { code, stderr } = await run("go", ["build", ...args], { cwd, limitMs: 45 * 60_000, env });
  if (code !== 0) throw new Error(`${cwd} could not be built with Go: ${stderr.trim().slice(-1000)}`);
}

/** The part of a go.mod that the group of `pattern` matches. */
export function inGoMod(goMod: string, pattern: string): string {
  const found = new RegExp(pattern, "m").exec(goMod)?.[1];
  if (found === undefined) throw new Error(`a go.mod has no ${pattern}`);
  return found;
}

const versionIn = (goMod: string) => inGoMod(goMod, `^\\s*${MODULE}/pkg/v3 (v\\S+)`);

/** The folder of the build that these two files describe: another one whenever either of them changes. */
export function buildName(goMod: string, goSum: string): string {
  const text = JSON.stringify([goMod, goSum]);
  return `${versionIn(goMod)}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/** The folders of the go.mod files that pin a CLI. */
const PINS = { newest: __dirname, older: join(__dirname, "older") };

/** Which of the two pinned CLIs the tests run with. */
export type Pin = keyof typeof PINS;

/**
 * The older one where `TEST_ENGINE=older` asks for it; then no other CLI of this machine will do.
 * @throws Error on another value, so that nobody takes a run with the newest for one with the older.
 */
export function chosenPin({ TEST_ENGINE: value = "" }: NodeJS.ProcessEnv = process.env): Pin {
  if (value === "") return "newest";
  if (value in PINS) return value as Pin;
  throw new Error(`TEST_ENGINE is ${value}, and may be ${Object.keys(PINS).join(" or ")}`);
}

/** The version of a pinned CLI, the oldest Go that builds it, and where it is, if it was built before. */
function pinned(pin: Pin): { version: string; go: string; target: string } {
  const [goMod = "", goSum = ""] = ["go.mod", "go.sum"].map((name) => readFileSync(join(PINS[pin], name), "utf8"));
  const target = join(CACHE, buildName(goMod, goSum), "pulumi");
  return { version: versionIn(goMod), go: inGoMod(goMod, "^go (\\S+)"), target };
}

export const goForBuild = (): string => pinned(chosenPin()).go;
export const builtCli = (): string => pinned(chosenPin()).target;

/**
 * Builds the CLI, unless another process is just doing that: then it waits for that one.
 * @throws Error with the reason when Go is missing or the build fails.
 */
export async function buildCli(say: Say): Promise<void> {
  const { version, target } = pinned(chosenPin());
  await makeOnce(target, `Building the Pulumi CLI ${version} (a few minutes)`, say, async () => {
    // Built elsewhere and then moved, so that a build that was interrupted never looks like a CLI.
    const folder = newFolder(join(CACHE, "building"));
    const flags = `-s -w -X ${MODULE}/sdk/v3/go/common/version.Version=${version}`;
    try {
      const unfinished = join(folder, "pulumi");
      const args = ["-o", unfinished, "-ldflags", flags, `${MODULE}/pkg/v3/cmd/pulumi`];
      await goBuild(PINS[chosenPin()], args);
      mkdirSync(dirname(target), { recursive: true });
      renameSync(unfinished, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
