import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { isObject, isText } from "../../policypack/face";
import type { Severity } from "../report/report";
import { type Json, parseObject, string, UnreadableError } from "./output";

/*
 * The log of what the engine does (`--event-log`; the events are those of sdk/go/common/apitype/events.go of Pulumi), as far
 * as anyone here reads it.
 */

export type Event = NonNullable<ReturnType<(typeof READERS)[keyof typeof READERS]>>;
export type EventOf<T extends Event["type"]> = Extract<Event, { type: T }>;

const SEVERITIES: readonly Severity[] = ["low", "medium", "high", "critical"];

/** Each throws UnreadableError when a part is missing on which a verdict rests. */
const READERS = {
  policyEvent: (event: Json) => {
    const level = string(event, "enforcementLevel");
    if (level !== "mandatory" && level !== "advisory")
      throw new UnreadableError(`a violation has the enforcement level ${level}, which is not known here`);
    return {
      type: "violation" as const,
      ...subject(event),
      message: string(event, "message"),
      level,
      severity: SEVERITIES.find((each) => each === event.severity),
      exceptions: exceptions(event),
    };
  },
  /** A policy changed a resource's inputs. The values aren't kept: they may be secret. */
  policyRemediationEvent: (event: Json) => ({ type: "remediation" as const, ...subject(event) }),
  policyAnalyzeStackSummaryEvent: (event: Json) => evaluated("stack", event),
  policyAnalyzeSummaryEvent: (event: Json) => evaluated("resource", event),
  policyRemediateSummaryEvent: (event: Json) => evaluated("remediation", event),
  summaryEvent: ({ PolicyPacks }: Json) => ({
    type: "summary" as const,
    packs: Object.entries(isObject(PolicyPacks) ? PolicyPacks : {}).map(loadedPack),
  }),
  /** A step is about to be made. */
  resourcePreEvent: ({ metadata }: Json) => {
    if (!isObject(metadata)) throw new UnreadableError("the event log has a step without metadata");
    const { old } = metadata;
    // The engine left out a resource that isn't there yet: it has an old state then, without an ID.
    const isLeftOut = isObject(old) && old.custom === true && old.id === "" && metadata.op === "same";
    return { type: "step" as const, op: string(metadata, "op"), urn: string(metadata, "urn"), isLeftOut };
  },
  /** A line that the program or the engine prints for a person who waits. */
  diagnosticEvent: ({ prefix, message, severity, ephemeral }: Json) => {
    if (ephemeral === true || severity === "debug") return undefined;
    const text = [prefix, message].filter((part) => typeof part === "string").join("");
    return { type: "diagnostic" as const, text };
  },
  cancelEvent: () => ({ type: "end" as const }),
};

function subject(event: Json) {
  const [pack, policy] = [string(event, "policyPackName"), string(event, "policyName")];
  return { pack, policy, urn: typeof event.resourceUrn === "string" ? event.resourceUrn : "" }; // None where it isn't a resource's.
}

/**
 * Why the engine itself lets a violation pass (policy exceptions, from CLI 3.274 on): a reason each, or the ID of one without.
 * The violation's level stays what it was.
 */
function exceptions({ exceptions: given = null }: Json): readonly string[] | undefined {
  if (given === null) return undefined;
  if (!Array.isArray(given)) throw new UnreadableError("a violation has exceptions that are not a list");
  const reasons = given.map((each: unknown) => {
    if (!isObject(each)) throw new UnreadableError("a violation has an exception that is not an object");
    return isText(each.reason) ? each.reason : `exception ${string(each, "id")}`;
  });
  return reasons.length === 0 ? undefined : reasons;
}

/**
 * A pack answered for the stack, or for a resource before it is made: to evaluate it or to remediate it. A policy has a result,
 * passed or failed, unless it is disabled.
 */
function evaluated(of: "stack" | "resource" | "remediation", event: Json) {
  const results = [event.passed, event.failed].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  const policies = results.filter((name) => typeof name === "string");
  return { type: "evaluated" as const, of, pack: string(event, "policyPackName"), policies };
}

export type LoadedPack = ReturnType<typeof loadedPack>;

/** A pack of `--policy-pack` is called `NAME|local|PATH` in the engine's summary, one that an organization requires NAME. */
function loadedPack([key, version]: [string, unknown]) {
  const [name = key, kind, ...path] = key.split("|");
  return { name, version: typeof version === "string" ? version : "", isLocal: kind === "local", path: path.join("|") };
}

/** Reads one event; undefined for one that nobody here needs. @throws UnreadableError */
export function readEvent(event: Json): Event | undefined {
  const [name, read] = Object.entries(READERS).find(([each]) => event[each] !== undefined) ?? [];
  if (name === undefined || read === undefined) return undefined;
  const body = event[name];
  if (!isObject(body)) throw new UnreadableError(`the event log has a ${name} that is not an object`);
  return read(body);
}

export function only<T extends Event["type"]>(events: readonly Event[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

/**
 * Reads an event log, one JSON object a line, from pieces of its text, in one pass: each event is parsed once, shown to `see`,
 * and kept if a verdict can rest on it. What the program prints is not kept: with the resources' properties, which no event here
 * has, it is nearly all of a log.
 *
 * The engine numbers the events and ends with a closing one; a gap in the numbers or a missing end means
 * that a violation may be lost. From a log with a mistake in it `see` still gets what can be read.
 */
export function eventLog(see: (event: Event) => void = () => undefined) {
  const kept: Event[] = [];
  let [rest, count] = ["", 0];
  let last: Event | undefined;
  let problem: UnreadableError | undefined;
  const read = (line: string): void => {
    const at = count++;
    try {
      const object = parseObject(line, `line ${at + 1} of the event log`);
      const event = (last = readEvent(object));
      if (event !== undefined) see(event);
      if (object.sequence !== at) throw new UnreadableError(`event ${at} is missing from the event log`);
      if (event !== undefined && event.type !== "diagnostic") kept.push(event);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      problem ??= error;
    }
  };
  return {
    /** Takes in the next piece of the text; a line may be cut anywhere. */
    add: (text: string): void => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(read);
    },
    /** The events of the whole log, or why it can't be read. */
    events: (): readonly Event[] | UnreadableError => {
      if (problem !== undefined || (rest === "" && last?.type === "end")) return problem ?? kept;
      return new UnreadableError(
        `the event log ${rest !== "" ? "is cut short" : count === 0 ? "is empty" : "has no end"}`,
      );
    },
  };
}

/**
 * Reads the log in this file while the CLI writes it, every so many milliseconds. A file that isn't there has no text. What it
 * returns reads the rest, and gives the events of the whole log, or why it can't be read.
 */
export function follow(file: string, see: (event: Event) => void, everyMs = 250) {
  const log = eventLog(see);
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.alloc(1 << 16);
  let descriptor: number | undefined;
  let problem: UnreadableError | undefined;
  const read = (): void => {
    try {
      descriptor ??= existsSync(file) ? openSync(file, "r") : undefined; // A preview that fails early writes none.
      if (descriptor === undefined) return;
      for (let length; (length = readSync(descriptor, buffer)) > 0;) log.add(decoder.write(buffer.subarray(0, length)));
    } catch (error) {
      problem ??= new UnreadableError(`the event log can't be read: ${(error as Error).message}`);
    }
  };
  const timer = setInterval(read, everyMs);
  return (): readonly Event[] | UnreadableError => {
    clearInterval(timer);
    read();
    log.add(decoder.end());
    if (descriptor !== undefined) closeSync(descriptor);
    return problem ?? log.events();
  };
}
