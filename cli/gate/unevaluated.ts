import { compiled, typeIn } from "../../policypack/face";
import { parseArgs } from "node:util";
import { type Event, only, type StepEvent } from "./events";
import type { Report } from "../report/report";
import { BUCKET_POLICY, OWN, OWN_POLICIES } from "../report/rules";

/** What a preview left unevaluated. */
export interface Unevaluated {
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
 * Adds what was not evaluated to the report. Where that leaves nothing to pass, a pass becomes "no verdict", unless the user
 * accepts it.
 */
export function withUnevaluated(report: Report, { notes, reasons }: Unevaluated, accepted: boolean): Report {
  if (report.verdict !== "passed" || accepted || reasons.length === 0) return { ...report, notes };
  const problems = reasons.map((reason) => `${reason}; to accept that, give --accept-unevaluated`);
  return { ...report, verdict: "failed", problems, notes: notes.filter((note) => !reasons.includes(note)) };
}

/** What the engine's events, and the limits that it was given, tell of policies and resources that were not evaluated. */
export function unevaluated(events: readonly Event[], limits: Limits): Unevaluated {
  const { notes, reasons } = policiesOff(events);
  const partial = partialRun(events, limits);
  return { notes: [...notes, ...partial.notes], reasons: [...reasons, ...partial.reasons] };
}

/** Told by the packs' answers and not by configuration files, of which another may be in force. */
function policiesOff(events: readonly Event[]): Unevaluated {
  const evaluated = only(events, "evaluated");
  const answers = evaluated.filter(({ of }) => of === "stack");
  const told = new Set([
    ...evaluated.flatMap(({ pack, policies }) => policies.map((policy) => key(pack, policy))),
    ...only(events, "violation").map(({ pack, policy }) => key(pack, policy)),
  ]);
  const others = [...new Set(answers.map(({ pack }) => pack))].filter((pack) => pack !== OWN);
  const silent = others.filter((pack) => ![...told].some((result) => result.startsWith(key(pack, ""))));
  const notes = silent.map((pack) => `the policy pack ${pack} evaluated nothing: each of its policies is disabled`);
  const own = answers.filter(({ pack }) => pack === OWN);
  if (own.length === 0) return { notes, reasons: [] };

  // The engine lists the policies for each resource before it is made. One that doesn't tells nothing of resource policies.
  const tellsOfResources = evaluated.some(({ of, pack }) => of === "remediation" && pack === OWN);
  const off = OWN_POLICIES.filter(
    ({ name, isOfStack }) => name !== BUCKET_POLICY && (isOfStack || tellsOfResources) && !told.has(key(OWN, name)),
  );
  for (const { name } of off) notes.push(`${name} is disabled in the policy pack's configuration`);
  const evaluating = own.filter(({ policies }) => policies.includes(BUCKET_POLICY)).length;
  if (evaluating === 0) {
    const reason = `${BUCKET_POLICY} is disabled in the policy pack's configuration, so no bucket was evaluated`;
    return { notes: [reason, ...notes], reasons: [reason] };
  }
  if (evaluating < own.length) {
    notes.unshift(
      `${BUCKET_POLICY} is disabled in ${own.length - evaluating} of the ${own.length} policy packs ${OWN}`,
    );
  }
  return { notes, reasons: [] };
}

function key(pack: string, policy: string): string {
  return `${pack}\n${policy}`;
}

function partialRun(events: readonly Event[], { targets, excludes }: Limits): Unevaluated {
  // As the engine reads a pattern: `*` is anything but a colon, `**` is anything.
  const matchers = (patterns: readonly string[]) => patterns.map((pattern) => compiled(pattern, /:/y));
  const [wanted, unwanted] = [matchers(targets), matchers(excludes)];
  // The stack itself and its providers are in every run, and what is only read is in none.
  const resources = only(events, "step").filter(({ op, urn }) => !OUTSIDE.has(op) && !isEverywhere(urn));
  const isInRun = ({ op, urn, isLeftOut }: StepEvent): boolean => {
    if (op !== "same") return true;
    if (isLeftOut) return false;
    const isWanted = wanted.length === 0 || wanted.some((fits) => fits(urn));
    return isWanted && !unwanted.some((fits) => fits(urn));
  };
  const left = resources.filter((step) => !isInRun(step)).length;
  if (targets.length + excludes.length + left === 0) return { notes: [], reasons: [] };

  const flags = [...targets.map((each) => `--target '${each}'`), ...excludes.map((each) => `--exclude '${each}'`)];
  const by = flags.length === 0 ? "" : ` (${flags.join(" ")})`;
  const isEmpty = !resources.some(isInRun) && (resources.length > 0 || targets.length > 0);
  const note = isEmpty
    ? `the preview was of nothing${by}: every resource of the program was left out`
    : `the preview was partial${by}: what it left out was not evaluated as the program would make it`;
  return { notes: [note], reasons: isEmpty ? [note] : [] };
}

const OUTSIDE = new Set(["read", "read-replacement", "read-discard", "refresh"]);

function isEverywhere(urn: string): boolean {
  const type = typeIn(urn);
  return type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:");
}

/** The flags that limit a preview, with their short forms. */
const LIMITING = { target: "t", "target-replace": undefined, exclude: "x" } as const;
/** The others that take a value: it is not to be taken for a flag. */
const VALUED = {
  ...{ config: "c", message: "m", parallel: "p", verbose: "v" },
  ...{ "config-file": undefined, "import-file": undefined, memprofilerate: undefined, "otel-traces": undefined },
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
