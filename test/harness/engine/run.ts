/** One run of the CLI, and what its event log tells of it. */
import { readIfThere } from "./files";

/** A policy violation, as the engine reports it. */
export interface Violation {
  policy: string;
  pack: string;
  level: string;
  urn: string;
  message: string;
  severity?: string;
}

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
  /** The events of the event log, in order; none for a command that writes no log. */
  events: Record<string, unknown>[];
  violations: Violation[];
}

type PolicyEvent = Record<"policyName" | "policyPackName" | "enforcementLevel" | "message", string> &
  Partial<Record<"resourceUrn" | "severity", string>>;

/** The engine's markup for colors, which `--color never` takes out of the text but not out of the events. */
const MARKUP = /<\{%(reset|fg \d+|bg \d+|\w+)%\}>/g;

/** Reads an event log: one JSON object a line. A log that is not there has no events. */
export function readEvents(log: string): Record<string, unknown>[] {
  const lines = (readIfThere(log) ?? "").split("\n").filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The policy violations among events, in the order of their reports. */
export function violationsIn(events: Record<string, unknown>[]): Violation[] {
  return events.flatMap(({ policyEvent }) => {
    if (policyEvent === undefined) return [];
    const { message, severity = "", ...event } = policyEvent as PolicyEvent;
    return {
      policy: event.policyName,
      pack: event.policyPackName,
      level: event.enforcementLevel,
      urn: event.resourceUrn ?? "",
      message: message.replaceAll(MARKUP, "").trimEnd(),
      ...(severity === "" ? {} : { severity }),
    };
  });
}
