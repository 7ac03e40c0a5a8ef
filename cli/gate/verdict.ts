import { exempt, groupBy, isAddressOf, languages, nameIn, read, typeIn } from "../../policypack/face";
import type { Configs } from "../config";
import { foreignKind, isOfTheSdk, readMessage, shown } from "../report/message";
import { neutral } from "../report/neutral";
import { sorted } from "../report/groups";
import { locate, type Position, type Roots } from "../report/position";
import type { Finding, Message, Report, Subject } from "../report/report";
import { BUCKET_POLICY, OWN } from "../report/rules";
import { isOnBucket } from "../report/words";
import { type Event, type EventOf, type LoadedPack, only } from "./events";
import { lostFindings } from "./lost-blocks";
import type { Step } from "./output";
import { placedSteps } from "./placed-steps";

type Positions = ReadonlyMap<string, Position>;

/**
 * The report of a preview that ran to its end.
 *
 * A policy pack has evaluated the stack when the engine has its answer about the stack as a whole
 * (policyAnalyzeStackSummaryEvent), which it asks for last and only if the program and every step went well. So without
 * that answer from each loaded pack, findings are reported and nothing is concluded from them.
 * @param run what `pulumi preview --json --event-log FILE` leaves behind, checked to be whole
 * @param asked how many local policy packs the CLI had to run
 * @throws UnreadableError when an event is not what it should be
 */
export function report(
  { steps, events, exitCode }: { steps: readonly Step[]; events: readonly Event[]; exitCode: number },
  asked: number,
  stack: string,
  roots: Roots,
  configs: Pick<Configs, "of"> = { of: () => undefined },
): Report {
  const positions = new Map<string, Position>();
  for (const { urn, frames } of steps) {
    const position = locate(frames, roots);
    if (position !== undefined) positions.set(urn, position);
  }
  const loaded = loadedPacks(events);
  const packs = loaded ?? [];
  const reported = only(events, "violation").map((event) => finding(event, positions));
  const language = languages(new Map(), [roots.project]);
  const lost = lostFindings(steps, packs, reported, configs, language).map(({ at, ...rest }): Finding => {
    const place = at !== rest.urn && { placedAt: at };
    return { ...rest, ...placed(rest.urn, positions.get(at)), ...place };
  });
  const findings = sorted([...reported, ...lost]);
  const isEvaluated = only(events, "evaluated").some(
    ({ of, pack, policies }) => of === "stack" && pack === OWN && policies.includes(BUCKET_POLICY),
  );
  // The buckets that the update leaves, in the stack or in AWS without their blocks.
  const stay = placedSteps(isEvaluated ? steps : []).filter(
    ({ isBucket, stays, after }) => isBucket && stays && after?.external === false,
  );
  const bucketUrns = [...new Set([...stay, ...lost.filter(isOnBucket)].map(({ urn }) => urn))];
  const blocks = (some: readonly Finding[]): boolean => some.some((each) => each.blocks);
  const problems = [
    ...missingPacks(packs, events, asked),
    // The CLI failed because of a policy only if a policy pack's finding blocks.
    ...(blocks(reported) ? [] : failureOf(exitCode)),
    ...(loaded === undefined ? ["the preview ended early: it has no summary"] : []),
    ...(loaded?.length === 0 && asked === 0
      ? ["no policy pack evaluated the stack: none was given, and the organization requires none"]
      : []),
  ];
  return {
    stack,
    verdict: problems.length > 0 ? "failed" : blocks(findings) ? "blocked" : "passed",
    problems,
    notes: [],
    packs: packs.map(({ name, version, isLocal }) => ({ name, version, ...(!isLocal && { isRequired: true }) })),
    policies: evaluatedPolicies(events),
    ...(isEvaluated && { buckets: bucketUrns.length, bucketUrns }),
    findings,
    remediations: only(events, "remediation").map((event) => subject(event, positions)),
    manifest: roots.manifest,
  };
}

/** The CLI has one exit code for everything that goes wrong, violations included. */
export function failureOf(exitCode: number): string[] {
  return exitCode === 0 ? [] : [`pulumi preview failed with exit code ${exitCode} for a reason other than a policy`];
}

/** Whether the organization requires this package's policy pack, so that a copy of it from here says everything twice. */
export function isRequired(events: readonly Event[]): boolean {
  return loadedPacks(events)?.some(({ name, isLocal }) => name === OWN && !isLocal) ?? false;
}

function loadedPacks(events: readonly Event[]): readonly LoadedPack[] | undefined {
  return only(events, "summary").at(-1)?.packs;
}

/** The policies with a result, each once, in the order of the packs' answers. */
export function evaluatedPolicies(events: readonly Event[]): { pack: string; policy: string }[] {
  const packs = groupBy(only(events, "evaluated"), ({ pack }) => pack);
  return [...packs].flatMap(([pack, answers]) => {
    const policies = new Set(answers.flatMap((answer) => answer.policies));
    return [...policies].sort().map((policy) => ({ pack, policy }));
  });
}

/** The packs that did not run, and those that did not evaluate the stack as a whole: each has an answer of its own. */
function missingPacks(loaded: readonly LoadedPack[], events: readonly Event[], asked: number): string[] {
  const local = loaded.filter(({ isLocal }) => isLocal).length;
  const answers = only(events, "evaluated").flatMap(({ of, pack }) => (of === "stack" ? [pack] : []));
  const silent = loaded.filter(({ name }) => {
    const at = answers.indexOf(name);
    if (at !== -1) answers.splice(at, 1);
    return at === -1;
  });
  return [
    ...(local < asked ? [`${asked - local} of ${asked} policy packs did not run`] : []),
    ...silent.map(({ name }) => `the policy pack ${name} did not evaluate the stack`),
  ];
}

function finding(event: EventOf<"violation">, positions: Positions): Finding {
  const { urn, pack, level, severity, exceptions, message } = event;
  const about = subject(event, positions);
  const isOwn = pack === OWN && !isOfTheSdk(message);
  const said: Message = isOwn ? ownMessage(event) : foreignMessage(event, about.name);
  // The pack names what is inside a resource; the engine names the resource.
  const address = said.published?.address;
  const isInside = address !== undefined && isAddressOf(address, urn);
  const blocks = level === "mandatory" && exceptions === undefined;
  const inside = isInside && { ...placed(address), urn: address, placedAt: urn };
  return { ...about, ...inside, ...said, blocks, ...(severity !== undefined && { severity }) };
}

/** As where the pack itself exempts it, what the engine excepts has no fix, and no word on how to exempt it. */
function ownMessage({ message, level, exceptions }: EventOf<"violation">): Message {
  const published = read(neutral(message).trim());
  if (exceptions !== undefined) return shown(exempt(published, exceptions.join("; ")));
  // A finding that blocks is neither exempt nor in doubt, whatever it says.
  return shown(level === "mandatory" ? { ...published, kind: "violation" } : published);
}

function foreignMessage({ message, level, exceptions }: EventOf<"violation">, name: string): Message {
  if (exceptions !== undefined) return readMessage(`Exempt: ${exceptions.join("; ")}\n${message}`, () => "exempt");
  return readMessage(message, (text) => (level === "mandatory" ? "violation" : foreignKind(text, name)));
}

function subject(event: EventOf<"violation" | "remediation">, positions: Positions): Subject {
  const { pack, policy, urn } = event;
  return { pack, policy, urn, ...placed(urn, positions.get(urn)) };
}

/** A resource's names in a report, and where the program creates it. */
function placed(urn: string, position?: Position): Pick<Subject, "type" | "name" | "position"> {
  return { type: typeIn(urn), name: nameIn(urn) || "stack", ...(position !== undefined && { position }) };
}
