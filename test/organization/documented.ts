import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";

/** The section that leads, and how it begins. */
const ROLL_OUT = "Roll out";

/**
 * The commands in the shell blocks of docs/organization.md, of the section on the rollout or of the others; what sets the
 * variables that they use is left out.
 */
function documentedCommands(isRollOut: boolean): string[] {
  const text = readFileSync(join(ROOT, "docs/organization.md"), "utf8");
  const sections = text.split(/^## /m).filter((section) => section.startsWith(ROLL_OUT) === isRollOut);
  return sections
    .flatMap((section) => [...section.matchAll(/```sh\n(.*?)```/gs)])
    .flatMap(([, block]) => (block ?? "").split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("export "));
}

/** Runs commands as the docs print them, in a checkout, and remembers which ones are left. */
export class Documented {
  readonly left: Set<string>;
  readonly #all: readonly string[];

  constructor(
    private readonly folder: string,
    private readonly values: NodeJS.ProcessEnv,
    isRollOut = false,
  ) {
    this.#all = documentedCommands(isRollOut);
    this.left = new Set(this.#all);
  }

  /** @throws Error when the docs don't hold the command. */
  run(command: string, user: { env: NodeJS.ProcessEnv }, more: NodeJS.ProcessEnv = {}): Promise<Finished> {
    if (!this.#all.includes(command)) throw new Error(`docs/organization.md lacks: ${command}`);
    this.left.delete(command);
    return run("sh", ["-c", command], { cwd: this.folder, env: { ...user.env, ...this.values, ...more } });
  }
}
