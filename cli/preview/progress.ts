import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { pathIn } from "../../policypack/shared/urn";
import { readEvent } from "./events";
import { parseObject, UnreadableError } from "./output";

const EVERY_MS = 250;

/** Reads the event log while the CLI writes it, and says what a person who waits wants to know. */
export function follow(file: string, say: (line: string) => void): { stop: () => void } {
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
      for (const line of lines) for (const text of progressOf(line)) say(text);
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

/** What the program printed and what went wrong; and a word on each resource, so that a long preview isn't silent. */
export function progressOf(line: string): string[] {
  try {
    const event = readEvent(parseObject(line, "an event"));
    if (event?.type === "diagnostic") return event.text.trimEnd().split("\n");
    return event?.type === "step" && event.op !== "same" ? [`${event.op} ${pathIn(event.urn)}`] : [];
  } catch (error) {
    if (error instanceof UnreadableError) return []; // Whoever reads the whole log will say so.
    throw error;
  }
}
