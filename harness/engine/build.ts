/** Builds the Pulumi CLI from the Go module pinned in go.mod, for networks that reach only package registries. */
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

/** The folder of the build that these two files describe: another one whenever either of them changes. */
export function buildName(goMod: string, goSum: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([goMod, goSum]))
    .digest("hex");
  return `${pinnedVersion(goMod)}-${digest.slice(0, 12)}`;
}

function pinned(): { version: string; name: string } {
  const [goMod, goSum] = ["go.mod", "go.sum"].map((name) => readFileSync(join(__dirname, name), "utf8")) as [
    string,
    string,
  ];
  return { version: pinnedVersion(goMod), name: buildName(goMod, goSum) };
}

/** Where the built CLI is, if it was built before. */
export function builtCli(): string {
  return join(CACHE, pinned().name, "pulumi");
}

/** Removes the builds that go.mod no longer describes: each is more than 100 MB. */
function removeOthers(name: string): void {
  for (const other of readdirSync(CACHE)) {
    if (/^v\d+\.\d+\.\d+-[0-9a-f]{12}$/.test(other) && other !== name) {
      rmSync(join(CACHE, other), { recursive: true, force: true });
    }
  }
}

async function goBuild(target: string, version: string): Promise<void> {
  // Built elsewhere and then moved, so that a build that was interrupted never looks like a CLI.
  const folder = newFolder(join(CACHE, "building"));
  const unfinished = join(folder, "pulumi");
  const flags = `-s -w -X ${MODULE}/sdk/v3/go/common/version.Version=${version}`;
  try {
    const { code, stderr } = await run(
      "go",
      ["build", "-o", unfinished, "-ldflags", flags, `${MODULE}/pkg/v3/cmd/pulumi`],
      { cwd: __dirname, limitMs: LIMIT_MS, env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" } },
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
  const { version, name } = pinned();
  const target = join(CACHE, name, "pulumi");
  const before = existsSync(target);
  await ticking(`Building the Pulumi CLI ${version} (a few minutes, once)`, say, () =>
    locked(join(CACHE, `${name}.lock`), async () => {
      if (!before && existsSync(target)) return;
      await goBuild(target, version);
      removeOthers(name);
    }),
  );
}
