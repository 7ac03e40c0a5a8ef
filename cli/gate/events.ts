import { isObject, isText } from "../../policypack/face";
import type { Severity } from "../report/report";
import { type Json, string, UnreadableError } from "./output";

/*
 * What the engine tells while it runs (`--event-log`; the events are those of sdk/go/common/apitype/events.go of Pulumi),
 * as far as anyone here reads it.
 */

export type Event =
  | PolicyEvent
  | RemediationEvent
  | EvaluatedEvent
  | SummaryEvent
  | StepEvent
  | DiagnosticEvent
  | { readonly type: "end" };

/** A policy was violated (policyEvent). */
export interface PolicyEvent {
  readonly type: "violation";
  readonly pack: string;
  readonly policy: string;
  /** Empty for what isn't a resource's. */
  readonly urn: string;
  readonly message: string;
  readonly level: "mandatory" | "advisory";
  readonly severity?: Severity;
  /** Why the engine itself lets it pass (policy exceptions, from CLI 3.274 on): a reason each. The level stays what it was. */
  readonly exceptions?: readonly string[];
}

/** A policy changed a resource's inputs (policyRemediationEvent). The values aren't kept: they may be secret. */
export interface RemediationEvent {
  readonly type: "remediation";
  readonly pack: string;
  readonly policy: string;
  readonly urn: string;
}

/** A pack answered for the stack, or for a resource before it is made: to evaluate it or to remediate it. */
export interface EvaluatedEvent {
  readonly type: "evaluated";
  readonly of: "stack" | "resource" | "remediation";
  readonly pack: string;
  /** The policies with a result, passed or failed. One that is disabled has none. */
  readonly policies: readonly string[];
}

/** The preview came to its end (summaryEvent). */
export interface SummaryEvent {
  readonly type: "summary";
  /** The packs that were loaded, and their versions. */
  readonly packs: readonly { readonly key: string; readonly version: string }[];
}

/** A step is about to be made (resourcePreEvent). */
export interface StepEvent {
  readonly type: "step";
  readonly op: string;
  readonly urn: string;
  /** Whether the engine left out a resource that isn't there yet: it has an old state then, without an ID. */
  readonly isLeftOut: boolean;
}

/** What the program or the engine prints (diagnosticEvent), if it is for a person who waits. */
export interface DiagnosticEvent {
  readonly type: "diagnostic";
  readonly text: string;
}

/** @throws UnreadableError when a part is missing on which a verdict rests */
const READERS: Readonly<Record<string, (event: Json) => Event | undefined>> = {
  policyEvent: (event) => {
    const level = string(event, "enforcementLevel");
    if (level !== "mandatory" && level !== "advisory") {
      throw new UnreadableError(`a violation has the enforcement level ${level}, which is not known here`);
    }
    const { severity } = event;
    return {
      ...{ type: "violation", ...subject(event), message: string(event, "message"), level },
      ...(isSeverity(severity) ? { severity } : {}),
      ...exceptions(event),
    };
  },
  policyRemediationEvent: (event) => ({ type: "remediation", ...subject(event) }),
  policyAnalyzeStackSummaryEvent: (event) => evaluated("stack", event),
  policyAnalyzeSummaryEvent: (event) => evaluated("resource", event),
  policyRemediateSummaryEvent: (event) => evaluated("remediation", event),
  summaryEvent: ({ PolicyPacks }) => ({
    type: "summary",
    packs: Object.entries(isObject(PolicyPacks) ? PolicyPacks : {}).map(([key, version]) => ({
      key,
      version: typeof version === "string" ? version : "",
    })),
  }),
  resourcePreEvent: ({ metadata }) => {
    if (!isObject(metadata)) throw new UnreadableError("the event log has a step without metadata");
    const { old } = metadata;
    const isLeftOut = isObject(old) && old.custom === true && old.id === "" && metadata.op === "same";
    return { type: "step", op: string(metadata, "op"), urn: string(metadata, "urn"), isLeftOut };
  },
  diagnosticEvent: ({ prefix, message, severity, ephemeral }) => {
    if (ephemeral === true || severity === "debug") return undefined;
    const text = [prefix, message].filter((part) => typeof part === "string").join("");
    return { type: "diagnostic", text };
  },
  cancelEvent: () => ({ type: "end" }),
};

function subject(event: Json): { pack: string; policy: string; urn: string } {
  const { resourceUrn } = event;
  return {
    pack: string(event, "policyPackName"),
    policy: string(event, "policyName"),
    urn: typeof resourceUrn === "string" ? resourceUrn : "",
  };
}

/** One without a reason is told by its ID. */
function exceptions({ exceptions: given }: Json): { exceptions?: readonly string[] } {
  if (given === undefined || given === null) return {};
  if (!Array.isArray(given)) throw new UnreadableError("a violation has exceptions that are not a list");
  const reasons = given.map((each: unknown) => {
    if (!isObject(each)) throw new UnreadableError("a violation has an exception that is not an object");
    const { reason } = each;
    return isText(reason) ? reason : `exception ${string(each, "id")}`;
  });
  return reasons.length === 0 ? {} : { exceptions: reasons };
}

function evaluated(of: EvaluatedEvent["of"], event: Json): EvaluatedEvent {
  const lists = [event.passed, event.failed].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  const policies = lists.filter((name): name is string => typeof name === "string");
  return { type: "evaluated", of, pack: string(event, "policyPackName"), policies };
}

function isSeverity(value: unknown): value is Severity {
  return value === "low" || value === "medium" || value === "high" || value === "critical";
}

/**
 * Reads one event; undefined for one that nobody here needs.
 * @throws UnreadableError
 */
export function readEvent(event: Json): Event | undefined {
  for (const [name, read] of Object.entries(READERS)) {
    const body = event[name];
    if (body === undefined) continue;
    if (!isObject(body)) throw new UnreadableError(`the event log has a ${name} that is not an object`);
    return read(body);
  }
  return undefined;
}

/** The events of one type. */
export function only<T extends Event["type"]>(events: readonly Event[], type: T): Extract<Event, { type: T }>[] {
  return events.filter((event): event is Extract<Event, { type: T }> => event.type === type);
}
