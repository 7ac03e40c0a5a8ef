import { pathIn } from "../../policypack/face";
import { plural } from "../report/words";
import type { Event } from "./events";

/** The progress of one stack's preview, for a person who waits. */
export interface Progress {
  /** Gets each line that the program or the CLI printed. */
  readonly say: (line: string) => void;
  /** Gets each event: what the program prints and what goes wrong is said; a step of the engine is counted. */
  readonly see: (event: Event) => void;
  /** The stack, the number of its resources so far, and the last of them. */
  readonly text: () => string;
}

export function progressOf(stack: string, say: Progress["say"]): Progress {
  let steps = 0;
  let last = "";
  return {
    say,
    see: (event) => {
      // What the CLI ends with where a policy blocks says less than the verdict.
      if (event.type === "diagnostic" && event.text.trimEnd() !== "error: preview failed")
        event.text.trimEnd().split("\n").forEach(say);
      if (event.type !== "step") return;
      steps += 1;
      last = `${event.op} ${pathIn(event.urn)}`;
    },
    text: () => `previewing ${stack}${steps === 0 ? "" : `: ${plural(steps, "resource")}, ${last}`}`,
  };
}
