import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { pathIn } from "../../policypack/shared/urn";
import { readEvent } from "./events";
import { parseObject, UnreadableError } from "./output";

const EVERY_MS = 250;

/** Gets what a person who waits wants to know. */
export interface Listener {
  /** A line that the program or the CLI printed. */
  readonly say: (line: string) => void;
  /** A step that the engine begins with. */
  readonly step: (step: string) => void;
}

/** Reads the event log while the CLI writes it, and tells what is in it. */
export function follow(file: string, { say, step }: Listener): { stop: () => void } {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(1 << 16);
  let descriptor: number | undefined;
  let unfinished = "";
  const read = (): void => {
    descriptor ??= existsSync(file) ? openSync(file, "r") : undefined;
    if (descriptor === undefined) return;
    for (let length; (length = readSync(descriptor, buffer, 0, buffer.length, null)) > 0;) {
      const lines = (unfinished + decoder.write(buffer.subarray(0, length))).split("\n");
      unfinished = lines.pop() ?? "";
      for (const line of lines) {
        const { said, step: begun } = progressOf(line);
        for (const text of said) say(text);
        if (begun !== undefined) step(begun);
      }
    }
  };
  const timer = setInterval(read, EVERY_MS);
  let stopped = false;
  return {
    stop: () => {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      read();
      if (descriptor !== undefined) closeSync(descriptor);
    },
  };
}

/** What the program printed and what went wrong; and the step that the engine begins with. */
export function progressOf(line: string): { said: string[]; step?: string } {
  try {
    const event = readEvent(parseObject(line, "an event"));
    if (event?.type === "diagnostic") return { said: event.text.trimEnd().split("\n") };
    return event?.type === "step" ? { said: [], step: `${event.op} ${pathIn(event.urn)}` } : { said: [] };
  } catch (error) {
    if (error instanceof UnreadableError) return { said: [] }; // Whoever reads the whole log will say so.
    throw error;
  }
}

/** What is being done, for a person who waits: the stack, the number of its resources so far, and the last of them. */
export function statusOf(stack: string): { step: (step: string) => void; text: () => string } {
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
