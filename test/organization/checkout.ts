import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";

const LEFT_OUT = new Set([".git", ".cache", "node_modules", "dist"]);

/** A clean git checkout of this project as it stands, in which a test may publish, commit and break things. */
export interface Checkout {
  folder: string;
  /** The version in its package.json. */
  version(): string;
  /** A command in the checkout; it finds the CLI and the Cloud through `env`. */
  run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Finished>;
  /** Commits all that has changed. */
  commit(): Promise<void>;
  remove(): void;
}

/** It lies below the project's root, and so finds its node_modules. */
export async function checkout(): Promise<Checkout> {
  const cache = join(ROOT, ".cache/cloud");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "checkout-"));
  for (const entry of readdirSync(ROOT).filter((name) => !LEFT_OUT.has(name))) {
    cpSync(join(ROOT, entry), join(folder, entry), { recursive: true });
  }
  const git = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run("git", args, { cwd: folder });
    if (code !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  };
  await git("init", "--quiet");
  await git("config", "user.name", "Tests");
  await git("config", "user.email", "tests@localhost");
  await git("config", "commit.gpgsign", "false");
  const commit = async (): Promise<void> => {
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "As it stands");
  };
  await commit();
  return {
    folder,
    version: () => (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string }).version,
    run: (command, args, env) => run(command, args, { cwd: folder, env }),
    commit,
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
