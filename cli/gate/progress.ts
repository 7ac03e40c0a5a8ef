import { pathIn } from "../../policypack/face";
import { plural } from "../report/words";
import type { Event } from "./events";

export type Progress = ReturnType<typeof progressOf>;

/** The progress of one stack's preview, for a person who waits. @param say gets each line that the program or the CLI printed */
export function progressOf(stack: string, say: (line: string) => void) {
  let steps = 0;
  let last = "";
  return {
    say,
    /** Shows the program's output and the errors; counts the engine's steps. */
    see: (event: Event): void => {
      // The CLI's last words on a blocked preview say less than the verdict.
      if (event.type === "diagnostic" && event.text.trimEnd() !== "error: preview failed")
        event.text.trimEnd().split("\n").forEach(say);
      if (event.type !== "step") return;
      steps += 1;
      last = `${event.op} ${pathIn(event.urn)}`;
    },
    /** The stack, the number of its resources so far, and the last of them. */
    text: (): string => `previewing ${stack}${steps === 0 ? "" : `: ${plural(steps, "resource")}, ${last}`}`,
  };
}
