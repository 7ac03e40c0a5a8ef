import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Finished, run } from "../harness/engine/command";
import { ROOT } from "../harness/engine/paths";

/** The section that leads, and how it begins. */
const ROLL_OUT = "Roll out";

/** Runs the commands that docs/organization.md prints, in a checkout, and remembers which ones are left. */
export class Documented {
  readonly left: Set<string>;
  readonly #all: ReadonlySet<string>;

  /** Of the section on the rollout, or of the others; what sets the variables that they use is left out. */
  constructor(
    private readonly folder: string,
    readonly values: NodeJS.ProcessEnv,
    isRollOut = false,
  ) {
    const sections = readFileSync(join(ROOT, "docs/organization.md"), "utf8").split(/^## /m);
    const lines = sections
      .filter((section) => section.startsWith(ROLL_OUT) === isRollOut)
      .flatMap((section) => [...section.matchAll(/```sh\n(.*?)```/gs)])
      .flatMap(([, block = ""]) => block.split("\n").map((line) => line.trim()));
    this.#all = new Set(lines.filter((line) => line !== "" && !line.startsWith("export ")));
    this.left = new Set(this.#all);
  }

  /** @throws Error when the docs don't hold the command. */
  run(command: string, user: { env: NodeJS.ProcessEnv }, more: NodeJS.ProcessEnv = {}): Promise<Finished> {
    if (!this.#all.has(command)) throw new Error(`docs/organization.md lacks: ${command}`);
    this.left.delete(command);
    return run("sh", ["-c", command], { cwd: this.folder, env: { ...user.env, ...this.values, ...more } });
  }
}
