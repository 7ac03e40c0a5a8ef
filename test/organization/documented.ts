import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../../harness/engine/command";
import { ROOT } from "../../harness/engine/paths";

/** The commands in the shell blocks of docs/organization.md; what sets the variables that they use is left out. */
export function documentedCommands(): string[] {
  const text = readFileSync(join(ROOT, "docs/organization.md"), "utf8");
  return [...text.matchAll(/```sh\n(.*?)```/gs)]
    .flatMap(([, block]) => (block ?? "").split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("export "));
}

/** Runs commands as the docs print them, in a checkout, and remembers which ones are left. */
export class Documented {
  readonly left = new Set(documentedCommands());

  constructor(
    private readonly folder: string,
    private readonly values: NodeJS.ProcessEnv,
  ) {}

  /** @throws Error when the docs don't hold the command. */
  run(command: string, user: { env: NodeJS.ProcessEnv }, more: NodeJS.ProcessEnv = {}): Promise<Finished> {
    if (!documentedCommands().includes(command)) throw new Error(`docs/organization.md lacks: ${command}`);
    this.left.delete(command);
    return run("sh", ["-c", command], { cwd: this.folder, env: { ...user.env, ...this.values, ...more } });
  }
}
