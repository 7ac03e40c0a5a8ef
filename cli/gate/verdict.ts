import { exempt, isAddressOf, languages, nameIn, read, typeIn } from "../../policypack/face";
import { foreignKind, isOfTheSdk, readMessage, shown } from "../report/message";
import { neutral } from "../report/neutral";
import { sorted } from "../report/groups";
import { locate, type Position, type Roots } from "../report/position";
import type { Finding, Message, Pack, Report, Subject } from "../report/report";
import { BUCKET_POLICY, OWN } from "../report/rules";
import { isOnBucket } from "../report/words";
import type { Configs } from "../config";
import { type Event, only, type PolicyEvent, type RemediationEvent } from "./events";
import { lostFindings } from "./lost-findings";
import type { Output, Step } from "./output";
import { isBucketStep, placedSteps } from "./placed-steps";

/**
 * The report of a preview that ran to its end.
 *
 * A policy pack has evaluated the stack when the engine has its answer about the stack as a whole
 * (policyAnalyzeStackSummaryEvent), which it asks for last and only if the program and every step went well. So without
 * that answer from each pack that was loaded, what was found is told and nothing is concluded from it.
 * @param asked how many local policy packs the CLI was told to run
 * @throws UnreadableError when an event is not what it should be
 */
export function report(
  output: Output,
  exitCode: number,
  asked: number,
  stack: string,
  roots: Roots,
  configs: Pick<Configs, "of"> = { of: () => undefined },
): Report {
  const positions = new Map<string, Position>();
  for (const { urn, frames } of output.steps) {
    const position = locate(frames, roots);
    if (position !== undefined) positions.set(urn, position);
  }
  const summary = only(output.events, "summary").at(-1);
  const loaded = (summary?.packs ?? []).map(loadedPack);
  const told = only(output.events, "violation").map((event) => finding(event, positions));
  const language = languages(new Map(), [roots.project]);
  const lost = lostFindings(output.steps, loaded, told, configs, language).map(({ urn, at, ...rest }): Finding => {
    const position = positions.get(at);
    const placed = position === undefined ? {} : { position };
    return { ...rest, urn, ...partsOf(urn), ...placed, ...(at === urn ? {} : { placedAt: at }) };
  });
  const findings = sorted([...told, ...lost]);
  const blocked = findings.some(({ blocks }) => blocks);
  const problems = [
    ...missingPacks(loaded, answersOf(output.events), asked),
    // What the CLI failed for is a policy only where a policy pack's finding blocks.
    ...(told.some(({ blocks }) => blocks) ? [] : failureOf(exitCode)),
    ...(summary === undefined ? ["the preview ended early: it has no summary"] : noPacks(loaded, asked)),
  ];
  return {
    stack,
    verdict: problems.length > 0 ? "failed" : blocked ? "blocked" : "passed",
    problems,
    notes: [],
    packs: loaded.map(({ name, version, isLocal }) => ({ name, version, ...(isLocal ? {} : { isRequired: true }) })),
    policies: evaluatedPolicies(output.events),
    ...bucketsOf(output, lost.filter(isOnBucket)),
    findings,
    remediations: only(output.events, "remediation").map((event) => subject(event, positions)),
    manifest: roots.manifest,
  };
}

/** The CLI has one exit code for everything that goes wrong, violations included. */
export function failureOf(exitCode: number): string[] {
  return exitCode === 0 ? [] : [`pulumi preview failed with exit code ${exitCode}, and not because of a policy`];
}

function noPacks(loaded: readonly LoadedPack[], asked: number): string[] {
  return loaded.length > 0 || asked > 0
    ? []
    : ["no policy pack evaluated the stack: none was given, and the organization requires none"];
}

/** Whether the organization requires this package's policy pack, so that a copy of it from here says everything twice. */
export function isRequired(events: readonly Event[]): boolean {
  const packs = only(events, "summary").at(-1)?.packs ?? [];
  return packs.map(loadedPack).some(({ name, isLocal }) => name === OWN && !isLocal);
}

export interface LoadedPack extends Pack {
  readonly isLocal: boolean;
  /** Where a local one is. */
  readonly path: string;
}

/** A pack of `--policy-pack` is called `NAME|local|PATH` in the engine's summary, one that an organization requires NAME. */
function loadedPack({ key, version }: { key: string; version: string }): LoadedPack {
  const [name = key, ...rest] = key.split("|");
  return { name, version, isLocal: rest[0] === "local", path: rest.slice(1).join("|") };
}

/** Each once, in the order of their answers. */
function evaluatedPolicies(events: readonly Event[]): { pack: string; policy: string }[] {
  const packs = new Map<string, Set<string>>();
  for (const { pack, policies } of only(events, "evaluated")) {
    const known = packs.get(pack) ?? new Set();
    for (const policy of policies) known.add(policy);
    packs.set(pack, known);
  }
  return [...packs].flatMap(([pack, names]) => [...names].sort().map((policy) => ({ pack, policy })));
}

/** How many buckets the update leaves, in the stack or in AWS without their blocks, where this package's own policy looked at them. */
function bucketsOf({ events, steps }: Output, lost: readonly Finding[]): { buckets?: number } {
  const ran = only(events, "evaluated").some(
    ({ of, pack, policies }) => of === "stack" && pack === OWN && policies.includes(BUCKET_POLICY),
  );
  const isEvaluated = ({ after }: Step): boolean => after !== undefined && !after.external;
  const stay = ran
    ? placedSteps(steps).filter(({ step, stays }) => stays && isBucketStep(step) && isEvaluated(step))
    : [];
  return ran ? { buckets: new Set([...stay.map(({ step }) => step.urn), ...lost.map(({ urn }) => urn)]).size } : {};
}

/** The packs that evaluated the stack as a whole. */
function answersOf(events: readonly Event[]): string[] {
  return only(events, "evaluated")
    .filter(({ of }) => of === "stack")
    .map(({ pack }) => pack);
}

function missingPacks(loaded: readonly LoadedPack[], answers: readonly string[], asked: number): string[] {
  const local = loaded.filter(({ isLocal }) => isLocal).length;
  const waiting = [...answers];
  const silent = loaded.filter(({ name }) => {
    const at = waiting.indexOf(name);
    if (at !== -1) waiting.splice(at, 1);
    return at === -1;
  });
  return [
    ...(local < asked ? [`${asked - local} of ${asked} policy packs did not run`] : []),
    ...silent.map(({ name }) => `the policy pack ${name} did not evaluate the stack`),
  ];
}

function finding(event: PolicyEvent, positions: ReadonlyMap<string, Position>): Finding {
  const { pack, level, severity, exceptions, message } = event;
  const blocks = level === "mandatory" && exceptions === undefined;
  const about = subject(event, positions);
  const isOwn = pack === OWN && !isOfTheSdk(message);
  const { published, ...said } = isOwn ? ownMessage(event) : foreignMessage(event, about.name);
  const rest = { blocks, ...(severity === undefined ? {} : { severity }) };
  const address = published?.address;
  // What is inside of a resource is named by what the pack says; that it is in there, by the engine.
  const place =
    address === undefined || !isAddressOf(address, event.urn)
      ? {}
      : { urn: address, ...partsOf(address), placedAt: event.urn };
  return { ...about, ...place, ...said, ...(published === undefined ? {} : { published }), ...rest };
}

/** As where the pack itself exempts it, what the engine excepts has no fix, and no word on how to exempt it. */
function ownMessage({ message, level, exceptions }: PolicyEvent): Message {
  const told = read(neutral(message).trim());
  if (exceptions !== undefined) return shown(exempt(told, exceptions.join("; ")));
  // What blocks is neither exempt nor in doubt, whatever it says.
  return shown(level === "mandatory" ? { ...told, kind: "violation" } : told);
}

function foreignMessage({ message, level, exceptions }: PolicyEvent, name: string): Message {
  if (exceptions !== undefined) return readMessage(`Exempt: ${exceptions.join("; ")}\n${message}`, () => "exempt");
  return readMessage(message, (text) => (level === "mandatory" ? "violation" : foreignKind(text, name)));
}

function subject(
  { pack, policy, urn }: PolicyEvent | RemediationEvent,
  positions: ReadonlyMap<string, Position>,
): Subject {
  const position = positions.get(urn);
  return { pack, policy, urn, ...partsOf(urn), ...(position === undefined ? {} : { position }) };
}

function partsOf(urn: string): { type: string; name: string } {
  return { type: typeIn(urn), name: nameIn(urn) || "stack" };
}
