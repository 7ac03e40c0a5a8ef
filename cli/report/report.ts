import type { Edit } from "../source/edit";
import { lostFindings, type Configured } from "../preview/lost-findings";
import { type Message, readMessage } from "./message";
import { isObject, type Json, type Output, string, UnreadableError } from "../preview/output";
import { locate, type Position, type Roots } from "./position";

/** Failed: there is no verdict, because something that it would rest on is not there. */
export type Verdict = "passed" | "blocked" | "failed";

export interface Report {
  readonly stack: string;
  readonly verdict: Verdict;
  /** Why there is no verdict. */
  readonly problems: readonly string[];
  /** What was not judged, whatever the verdict: policies that were off, and resources that were left out. */
  readonly notes: readonly string[];
  readonly packs: readonly Pack[];
  /** Blocking ones first, then in the order of the files. */
  readonly findings: readonly Finding[];
  /** What policies changed in the resources' inputs. The values aren't told: they may be secret. */
  readonly remediations: readonly Subject[];
  /** Pulumi.yaml, for formats in which a finding has to be in a file. */
  readonly manifest: string;
}

export interface Pack {
  readonly name: string;
  readonly version: string;
}

/** A policy and the resource that it speaks of. */
export interface Subject {
  readonly pack: string;
  readonly policy: string;
  readonly urn: string;
  /** The resource's type and logical name, the last parts of its URN. */
  readonly type: string;
  readonly name: string;
  /** Where the program makes the resource; not every SDK tells. */
  readonly position?: Position;
  /** The resource whose position that is, where it isn't its own. */
  readonly placedAt?: string;
}

export interface Finding extends Subject, Message {
  /** What mends it in the program, where that is plain. Raw text for files: whoever shows it makes it neutral. */
  readonly edits?: readonly Edit[];
  /** Whether its enforcement level is mandatory. */
  readonly blocks: boolean;
  readonly severity?: Severity;
}

export type Severity = "low" | "medium" | "high" | "critical";

/**
 * The report of a preview that ran to its end.
 *
 * A policy pack has judged the stack when the engine has its answer about the stack as a whole
 * (policyAnalyzeStackSummaryEvent), which it asks for last and only if the program and every step went well. So without
 * that answer from each pack that was loaded, what was found is told and nothing is concluded from it.
 * @param asked how many local policy packs the CLI was told to run
 * @param configured tells the configuration that the local policy pack at a path was given
 * @throws UnreadableError when an event is not what it should be
 */
export function report(
  output: Output,
  exitCode: number,
  asked: number,
  stack: string,
  roots: Roots,
  configured: Configured = () => undefined,
): Report {
  const positions = new Map<string, Position>();
  for (const { urn, frames } of output.steps) {
    const position = locate(frames, roots);
    if (position !== undefined) positions.set(urn, position);
  }
  const summary = only(output.events, "summaryEvent").at(-1);
  const loaded = Object.entries(isObject(summary?.PolicyPacks) ? summary.PolicyPacks : {}).map(loadedPack);
  const told = only(output.events, "policyEvent").map((event) => finding(event, positions));
  const lost = lostFindings(output.steps, loaded, told, configured).map(({ urn, at, ...rest }): Finding => {
    const position = positions.get(at);
    const placed = position === undefined ? {} : { position };
    return { ...rest, urn, ...partsOf(urn), ...placed, ...(at === urn ? {} : { placedAt: at }) };
  });
  const findings = sorted([...told, ...lost]);
  const blocked = findings.some(({ blocks }) => blocks);
  const problems = [
    ...missingPacks(loaded, only(output.events, "policyAnalyzeStackSummaryEvent"), asked),
    // What the CLI failed for is a policy only where a policy pack's finding blocks.
    ...(told.some(({ blocks }) => blocks) ? [] : failureOf(exitCode)),
    ...(summary === undefined ? ["the preview ended early: it has no summary"] : []),
  ];
  return {
    stack,
    verdict: problems.length > 0 ? "failed" : blocked ? "blocked" : "passed",
    problems,
    notes: [],
    packs: loaded.map(({ name, version }) => ({ name, version })),
    findings,
    remediations: only(output.events, "policyRemediationEvent").map((event) => subject(event, positions)),
    manifest: roots.manifest,
  };
}

/** The report of a preview from which nothing can be read. */
export function noVerdict(problems: readonly string[], stack: string, manifest: string): Report {
  return {
    stack,
    verdict: "failed",
    problems,
    notes: [],
    packs: [],
    findings: [],
    remediations: [],
    manifest,
  };
}

/** The CLI has one exit code for everything that goes wrong, violations included. */
export function failureOf(exitCode: number): string[] {
  return exitCode === 0
    ? []
    : [`pulumi preview failed with exit code ${exitCode}, and not because of a policy`];
}

export interface LoadedPack extends Pack {
  readonly isLocal: boolean;
  /** Where a local one is. */
  readonly path: string;
}

/** A pack of `--policy-pack` is called `NAME|local|PATH` in the engine's summary, one that an organisation requires NAME. */
function loadedPack([key, version]: [string, unknown]): LoadedPack {
  const [name = key, ...rest] = key.split("|");
  return {
    name,
    version: typeof version === "string" ? version : "",
    isLocal: rest[0] === "local",
    path: rest.slice(1).join("|"),
  };
}

function missingPacks(loaded: readonly LoadedPack[], answers: readonly Json[], asked: number): string[] {
  const local = loaded.filter(({ isLocal }) => isLocal).length;
  const waiting = answers.map((answer) => string(answer, "policyPackName"));
  const silent = loaded.filter(({ name }) => {
    const at = waiting.indexOf(name);
    if (at !== -1) waiting.splice(at, 1);
    return at === -1;
  });
  return [
    ...(local < asked ? [`${asked - local} of ${asked} policy packs did not run`] : []),
    ...silent.map(({ name }) => `the policy pack ${name} did not judge the stack`),
  ];
}

function finding(event: Json, positions: ReadonlyMap<string, Position>): Finding {
  const level = string(event, "enforcementLevel");
  if (level !== "mandatory" && level !== "advisory") {
    throw new UnreadableError(`a violation has the enforcement level ${level}, which is not known here`);
  }
  const { severity } = event;
  const blocks = level === "mandatory";
  const about = subject(event, positions);
  const message = readMessage(string(event, "message"), about.name);
  return {
    ...about,
    ...message,
    // What blocks is neither exempt nor in doubt, whatever it says.
    kind: blocks ? "violation" : message.kind,
    blocks,
    ...(isSeverity(severity) ? { severity } : {}),
  };
}

function subject(event: Json, positions: ReadonlyMap<string, Position>): Subject {
  const { resourceUrn } = event; // Not there for what is no resource's.
  const urn = typeof resourceUrn === "string" ? resourceUrn : "";
  const position = positions.get(urn);
  return {
    pack: string(event, "policyPackName"),
    policy: string(event, "policyName"),
    urn,
    ...partsOf(urn),
    ...(position === undefined ? {} : { position }),
  };
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`; a name may have `::` in it, and a parent's type may be there or not. */
function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") || urn || "stack" };
}

function isSeverity(value: unknown): value is Severity {
  return value === "low" || value === "medium" || value === "high" || value === "critical";
}

/** Blocking ones first, then in the order of the files. */
export function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(byImportance);
}

function byImportance(one: Finding, other: Finding): number {
  const place = ({ position }: Finding): string => (position === undefined ? "\uffff" : position.file);
  return (
    Number(other.blocks) - Number(one.blocks) ||
    compare(place(one), place(other)) ||
    (one.position?.line ?? 0) - (other.position?.line ?? 0) ||
    (one.position?.column ?? 0) - (other.position?.column ?? 0) ||
    compare(one.urn, other.urn) ||
    compare(one.policy, other.policy)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function only(events: readonly Json[], kind: string): Json[] {
  return events.map((event) => event[kind]).filter(isObject);
}
