import { parseArgs } from "node:util";
import { OWN } from "./lost-findings";
import type { Json } from "./output";
import { isObject } from "../../policypack/shared/values";
import type { Report } from "../report/report";
import { metas } from "../../policypack/policies/meta";
import { typeIn } from "../../policypack/shared/urn";

/** The policy that the verdict stands for: without it no bucket was judged. */
const BUCKET_POLICY = "s3-bucket-public-access-block";

/** What a preview left unjudged. */
export interface Unjudged {
  /** In the words of a report. */
  readonly notes: readonly string[];
  /** Those of the notes with which there is nothing to pass. */
  readonly reasons: readonly string[];
}

/** Which resources a preview is limited to, by the patterns of the flags `--target`, `--target-replace` and `--exclude`. */
export interface Limits {
  readonly targets: readonly string[];
  readonly excludes: readonly string[];
}

/**
 * Adds what was not judged to the report. Where that leaves nothing to pass, a pass becomes "no verdict", unless the user
 * accepts it.
 */
export function withUnjudged(report: Report, { notes, reasons }: Unjudged, accepted: boolean): Report {
  if (report.verdict !== "passed" || accepted || reasons.length === 0) return { ...report, notes };
  const problems = reasons.map((reason) => `${reason}; to accept that, give --accept-unjudged`);
  return { ...report, verdict: "failed", problems, notes: notes.filter((note) => !reasons.includes(note)) };
}

/** What the engine's events, and the limits that it was given, tell of policies and resources that were not judged. */
export function unjudged(events: readonly Json[], limits: Limits): Unjudged {
  const { notes, reasons } = policiesOff(events);
  const partial = partialRun(events, limits);
  return { notes: [...notes, ...partial.notes], reasons: [...reasons, ...partial.reasons] };
}

/** Told by the packs' answers and not by configuration files, of which another may be in force. */
function policiesOff(events: readonly Json[]): Unjudged {
  const answers = packsIn(events, "policyAnalyzeStackSummaryEvent");
  const told = new Set(events.flatMap(resultsIn));
  const others = [...new Set(answers)].filter((pack) => pack !== OWN);
  const silent = others.filter((pack) => ![...told].some((result) => result.startsWith(key(pack, ""))));
  const notes = silent.map(
    (pack) => `the policy pack ${pack} judged nothing: each of its policies is disabled`,
  );
  const all = answers.filter((pack) => pack === OWN).length;
  if (all === 0) return { notes, reasons: [] };

  // The engine lists the policies for each resource before it is made. One that doesn't tells nothing of resource policies.
  const tellsOfResources = packsIn(events, "policyRemediateSummaryEvent").includes(OWN);
  const off = metas.filter(
    (policy) =>
      policy.name !== BUCKET_POLICY &&
      (policy.evaluates === "stack" || tellsOfResources) &&
      !told.has(key(OWN, policy.name)),
  );
  for (const { name } of off) notes.push(`${name} is disabled in the policy pack's configuration`);
  const judging = judgesOfBuckets(events);
  if (judging === 0) {
    const reason = `${BUCKET_POLICY} is disabled in the policy pack's configuration, so no bucket was judged`;
    return { notes: [reason, ...notes], reasons: [reason] };
  }
  if (judging < all) {
    notes.unshift(`${BUCKET_POLICY} is disabled in ${all - judging} of the ${all} policy packs ${OWN}`);
  }
  return { notes, reasons: [] };
}

/** The policies that an event has a result of. */
function resultsIn(event: Json): string[] {
  const { policyEvent: finding } = event;
  return [
    ...namesIn(event.policyAnalyzeStackSummaryEvent),
    ...namesIn(event.policyAnalyzeSummaryEvent),
    ...namesIn(event.policyRemediateSummaryEvent),
    ...(isObject(finding) ? [key(finding.policyPackName, finding.policyName)] : []),
  ];
}

/** How many packs of this package's name judged the buckets. */
function judgesOfBuckets(events: readonly Json[]): number {
  const name = key(OWN, BUCKET_POLICY);
  return events.filter(({ policyAnalyzeStackSummaryEvent: stack }) => namesIn(stack).includes(name)).length;
}

function packsIn(events: readonly Json[], kind: string): string[] {
  return events.flatMap(({ [kind]: event }) =>
    isObject(event) && typeof event.policyPackName === "string" ? [event.policyPackName] : [],
  );
}

/** The policies that a summary of the engine has a result of. A policy that is disabled is in neither list. */
function namesIn(summary: unknown): string[] {
  if (!isObject(summary)) return [];
  const { policyPackName, passed, failed } = summary;
  const names: unknown[] = [passed, failed].flatMap((list): unknown[] => (Array.isArray(list) ? list : []));
  return names.map((name) => key(policyPackName, name));
}

function key(pack: unknown, policy: unknown): string {
  return `${String(pack)}\n${String(policy)}`;
}

function partialRun(events: readonly Json[], { targets, excludes }: Limits): Unjudged {
  const wanted = targets.map(matcher);
  const unwanted = excludes.map(matcher);
  const steps = events.flatMap(({ resourcePreEvent: step }) =>
    isObject(step) && isObject(step.metadata) ? [step.metadata] : [],
  );
  // The stack itself and its providers are in every run, and what is only read is in none.
  const resources = steps.filter(
    ({ op, urn }) => typeof urn === "string" && !OUTSIDE.has(String(op)) && !isEverywhere(urn),
  );
  const isInRun = ({ op, urn, old }: Json): boolean => {
    if (op !== "same") return true;
    if (isObject(old) && old.custom === true && old.id === "") return false; // New, and left out.
    const isWanted = wanted.length === 0 || wanted.some((pattern) => pattern.test(String(urn)));
    return isWanted && !unwanted.some((pattern) => pattern.test(String(urn)));
  };
  const left = resources.filter((step) => !isInRun(step)).length;
  if (targets.length + excludes.length + left === 0) return { notes: [], reasons: [] };

  const flags = [
    ...targets.map((each) => `--target '${each}'`),
    ...excludes.map((each) => `--exclude '${each}'`),
  ];
  const by = flags.length === 0 ? "" : ` (${flags.join(" ")})`;
  const isEmpty = !resources.some(isInRun) && (resources.length > 0 || targets.length > 0);
  const note = isEmpty
    ? `the preview was of nothing${by}: every resource of the program was left out`
    : `the preview was partial${by}: what it left out was not judged as the program would make it`;
  return { notes: [note], reasons: isEmpty ? [note] : [] };
}

const OUTSIDE = new Set(["read", "read-replacement", "read-discard", "refresh"]);

function isEverywhere(urn: string): boolean {
  const type = typeIn(urn);
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}

/** As the engine reads a pattern: `*` is anything but a colon, `**` is anything. */
function matcher(pattern: string): RegExp {
  const parts = pattern.split("**").map((part) => part.split("*").map(quoted).join("[^:]*"));
  return new RegExp(`^${parts.join(".*")}$`);
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** The flags that limit a preview, with their short forms. */
const LIMITING = { target: "t", "target-replace": undefined, exclude: "x" } as const;
/** The others that take a value: it is not to be taken for a flag. */
const VALUED = {
  ...{ config: "c", message: "m", parallel: "p", verbose: "v" },
  ...{
    "config-file": undefined,
    "import-file": undefined,
    memprofilerate: undefined,
    "otel-traces": undefined,
  },
  ...{
    "override-env": undefined,
    profiling: undefined,
    replace: undefined,
    "save-plan": undefined,
    tracing: undefined,
  },
} as const;

/**
 * What limits the preview: flags among the arguments of `pulumi preview`, or the variables by which the CLI takes the
 * same (`PULUMI_OPTION_TARGET`), which are lists in CSV form.
 */
export function limitsOf(args: readonly string[], env: NodeJS.ProcessEnv): Limits {
  const flags: [string, string | undefined][] = Object.entries({ ...LIMITING, ...VALUED });
  const options = Object.fromEntries(
    flags.map(([name, short]) => [
      name,
      { type: "string" as const, multiple: true, ...(short === undefined ? {} : { short }) },
    ]),
  );
  const { values } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true });
  const given = (name: keyof typeof LIMITING): string[] => {
    const value = values[name];
    const list = (Array.isArray(value) ? value : []).map((each) => String(each).replace(/^=/, ""));
    return list.length > 0 ? list : listIn(env[`PULUMI_OPTION_${name.toUpperCase().replace("-", "_")}`]);
  };
  return { targets: [...given("target"), ...given("target-replace")], excludes: given("exclude") };
}

function listIn(csv: string | undefined): string[] {
  if (csv === undefined || csv === "") return [];
  const items = csv.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return items.map((item) => item.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"'));
}
