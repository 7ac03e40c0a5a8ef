import { pathIn } from "../../policypack/face";
import type { Event } from "./events";

/** Gets what a person who waits wants to know. */
export interface Listener {
  /** A line that the program or the CLI printed. */
  readonly say: (line: string) => void;
  /** A step that the engine begins with. */
  readonly step: (step: string) => void;
}

/** What the program printed and what went wrong; and the step that the engine begins with. */
export function tell(event: Event, { say, step }: Listener): void {
  if (event.type === "diagnostic") for (const line of event.text.trimEnd().split("\n")) say(line);
  if (event.type === "step") step(`${event.op} ${pathIn(event.urn)}`);
}

/** What is being done in the preview of one stack. */
export interface Status {
  readonly step: (step: string) => void;
  readonly text: () => string;
}

/** What is being done, for a person who waits: the stack, the number of its resources so far, and the last of them. */
export function statusOf(stack: string): Status {
  let steps = 0;
  let last = "";
  return {
    step: (step) => {
      steps += 1;
      last = step;
    },
    text: () => `previewing ${stack}${steps === 0 ? "" : `: ${steps} resources, ${last}`}`,
  };
}
