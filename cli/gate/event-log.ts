import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { type Event, readEvent } from "./events";
import { parseObject, UnreadableError } from "./output";

/**
 * Reads an event log, one JSON object a line, from pieces of its text, in one pass: each event is parsed once, shown to `see`,
 * and kept if a verdict can rest on it. What the program prints is not kept: with the resources' properties, which no event here
 * has, it is nearly all of a log.
 *
 * The engine numbers the events and ends with one that says that there are no more; a gap in the numbers or a missing end means
 * that a violation may be lost. From a log with a mistake in it `see` still gets what can be read.
 */
export class EventLog {
  readonly #see: (event: Event) => void;
  readonly #events: Event[] = [];
  #unfinished: string[] = [];
  #count = 0;
  #last: Event | undefined;
  #problem: UnreadableError | undefined;

  constructor(see: (event: Event) => void = () => undefined) {
    this.#see = see;
  }

  /** Takes in the next piece of the text; a line may be cut anywhere. */
  add(text: string): void {
    const [first = "", ...rest] = text.split("\n");
    this.#unfinished.push(first);
    for (const line of rest) {
      const parts = this.#unfinished;
      this.#unfinished = [line];
      this.#read(parts);
    }
  }

  /** The events of the whole log, or why it can't be read. */
  events(): readonly Event[] | UnreadableError {
    if (this.#problem !== undefined) return this.#problem;
    if (this.#unfinished.some((part) => part !== "")) {
      return new UnreadableError("the event log is cut short");
    }
    if (this.#count === 0) return new UnreadableError("the event log is empty");
    if (this.#last?.type !== "end") return new UnreadableError("the event log has no end");
    return this.#events;
  }

  #read(parts: readonly string[]): void {
    const at = this.#count;
    this.#count += 1;
    try {
      const object = parseObject(joined(parts), `line ${at + 1} of the event log`);
      this.#last = readEvent(object);
      if (this.#last !== undefined) this.#see(this.#last);
      if (object.sequence !== at) throw new UnreadableError(`event ${at} is missing from the event log`);
      if (this.#last !== undefined && this.#last.type !== "diagnostic") this.#events.push(this.#last);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      this.#problem ??= error;
    }
  }
}

function joined(parts: readonly string[]): string {
  try {
    return parts.join("");
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableError("the event log has a line that is too long");
    throw error;
  }
}

/** The reading of a log that may still be written to. */
export interface Following {
  /** Reads what is left, and gives the events of the whole log, or why it can't be read. */
  end: () => readonly Event[] | UnreadableError;
}

/** Reads the log in this file while the CLI writes it, every so many milliseconds. A file that isn't there has no text. */
export function follow(file: string, see: (event: Event) => void, everyMs = 250): Following {
  const log = new EventLog(see);
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(1 << 16);
  let descriptor: number | undefined;
  let problem: UnreadableError | undefined;
  const next = (): string | undefined => {
    try {
      descriptor ??= existsSync(file) ? openSync(file, "r") : undefined; // A preview that fails early writes none.
      const length = descriptor === undefined ? 0 : readSync(descriptor, buffer);
      return length === 0 ? undefined : decoder.write(buffer.subarray(0, length));
    } catch (error) {
      problem ??= new UnreadableError(`the event log can't be read: ${(error as Error).message}`);
      return undefined;
    }
  };
  const read = (): void => {
    for (let text; (text = next()) !== undefined;) log.add(text);
  };
  const timer = setInterval(read, everyMs);
  let ended: readonly Event[] | UnreadableError | undefined;
  const end = (): readonly Event[] | UnreadableError => {
    clearInterval(timer);
    read();
    log.add(decoder.end());
    if (descriptor !== undefined) closeSync(descriptor);
    return problem ?? log.events();
  };
  return { end: () => (ended ??= end()) };
}
