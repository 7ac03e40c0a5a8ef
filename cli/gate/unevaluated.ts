import { parseArgs } from "node:util";
import { compiled, type Fix, typeIn } from "../../policypack/face";
import { shellQuoted } from "../options";
import { shown } from "../report/message";
import type { Finding, Report } from "../report/report";
import { BUCKET_POLICY, OWN, OWN_POLICIES } from "../report/rules";
import { type Event, type EventOf, only } from "./events";
import FLAGS from "./preview-flags.json";
import { evaluatedPolicies } from "./verdict";

/** Reasons why a preview left something unevaluated, and those without which there is no verdict. */
export interface Unevaluated {
  readonly notes: readonly string[];
  readonly reasons: readonly string[];
}

/** Which resources a preview is limited to, by the patterns of the flags `--target`, `--target-replace` and `--exclude`. */
export type Limits = Readonly<ReturnType<typeof limitsOf>>;

/**
 * Adds what was not evaluated to the report. Where that leaves nothing to pass, a pass becomes "no verdict", unless the user
 * accepts it.
 */
export function withUnevaluated(report: Report, { notes, reasons }: Unevaluated, accepted: boolean): Report {
  if (report.verdict !== "passed" || accepted || reasons.length === 0) return { ...report, notes };
  const problems = reasons.map((reason) => `${reason}; to accept that, give --accept-unevaluated`);
  return { ...report, verdict: "failed", problems, notes: notes.filter((note) => !reasons.includes(note)) };
}

/** The policies and resources that were not evaluated, by the engine's events and the limits that it was given. */
export function unevaluated(events: readonly Event[], limits: Limits): Unevaluated {
  const parts = [policiesOff(events), partialRun(events, limits)];
  return { notes: parts.flatMap(({ notes }) => notes), reasons: parts.flatMap(({ reasons }) => reasons) };
}

/** From the packs' answers, not from configuration files: another may be in force. */
function policiesOff(events: readonly Event[]): Unevaluated {
  const answers = only(events, "evaluated");
  const results = [...evaluatedPolicies(events), ...only(events, "violation")];
  const ofStack = answers.filter(({ of }) => of === "stack");
  const silent = [...new Set(ofStack.map(({ pack }) => pack))].filter(
    (name) => name !== OWN && !results.some(({ pack }) => pack === name),
  );
  const notes = silent.map((pack) => `the policy pack ${pack} evaluated nothing: each of its policies is disabled`);
  const own = ofStack.filter(({ pack }) => pack === OWN);
  if (own.length === 0) return { notes, reasons: [] };

  // The engine lists the policies for each resource before it is made. One that doesn't says nothing of resource policies.
  const hasResources = answers.some(({ of, pack }) => of === "remediation" && pack === OWN);
  for (const { name, isOfStack } of OWN_POLICIES) {
    const isOn = results.some(({ pack, policy }) => pack === OWN && policy === name);
    if (name === BUCKET_POLICY || isOn || !(isOfStack || hasResources)) continue;
    notes.push(`${name} is disabled in the policy pack's configuration`);
  }
  const off = own.filter(({ policies }) => !policies.includes(BUCKET_POLICY)).length;
  if (off === 0) return { notes, reasons: [] };
  const isPartly = off < own.length;
  const note = isPartly
    ? `${BUCKET_POLICY} is disabled in ${off} of the ${own.length} policy packs ${OWN}`
    : `${BUCKET_POLICY} is disabled in the policy pack's configuration, so no bucket was evaluated`;
  return { notes: [note, ...notes], reasons: isPartly ? [] : [note] };
}

/** As the engine reads a pattern: `*` is anything but a colon, `**` is anything. */
const matcher = (pattern: string): ((urn: string) => boolean) => compiled(pattern, /:/y);

function partialRun(events: readonly Event[], { targets, excludes }: Limits): Unevaluated {
  const [wanted, unwanted] = [targets.map(matcher), excludes.map(matcher)];
  // The stack itself and its providers are in every run, and what is only read is in none.
  const resources = only(events, "step").filter(
    ({ op, urn }) => !/^(read|refresh)/.test(op) && !/^pulumi:(pulumi:Stack$|providers:)/.test(typeIn(urn)),
  );
  const isInRun = ({ op, urn, isLeftOut }: EventOf<"step">): boolean => {
    if (op !== "same") return true;
    if (isLeftOut) return false;
    const isWanted = wanted.length === 0 || wanted.some((fits) => fits(urn));
    return isWanted && !unwanted.some((fits) => fits(urn));
  };
  if (targets.length + excludes.length === 0 && resources.every(isInRun)) return { notes: [], reasons: [] };

  const flags = [...targets.map((each) => `--target '${each}'`), ...excludes.map((each) => `--exclude '${each}'`)];
  const by = flags.length === 0 ? "" : ` (${flags.join(" ")})`;
  const isEmpty = !resources.some(isInRun) && (resources.length > 0 || targets.length > 0);
  const note = isEmpty
    ? `nothing was previewed${by}: every resource was excluded`
    : `the preview was partial${by}: the excluded resources were evaluated as deployed, not as the program declares them`;
  return { notes: [note], reasons: isEmpty ? [note] : [] };
}

/**
 * The pack doesn't know the arguments of the preview, the gate does: the CLI refuses `--target` together with `--exclude`, so that
 * a finding on a block that is left out names what to add, or what to take away.
 */
export function withLeftOut(report: Report, { targets, excludes }: Limits): Report {
  const known = (fix: Fix): Fix => {
    const matching = excludes.filter((pattern) => fix.code.some(matcher(pattern)));
    const [kind, flag, values] =
      targets.length > 0
        ? (["add-target", "--target", fix.code] as const)
        : (["remove-exclude", "--exclude", matching.length > 0 ? matching : excludes] as const);
    if (values.length === 0) return fix;
    return { ...fix, kind, code: values.map((value) => `${flag} ${shellQuoted(value)}`) };
  };
  const findings = report.findings.map((finding): Finding => {
    const { published } = finding;
    if (published?.cause !== "left-out") return finding;
    const lines = published.lines.map((line) => (typeof line === "string" ? line : known(line)));
    return { ...finding, ...shown({ ...published, lines }) };
  });
  return { ...report, findings };
}

const FLAG = { type: "string", multiple: true } as const;

/**
 * The limits of the preview: flags among the arguments of `pulumi preview`, or the variables by which the CLI takes the
 * same (`PULUMI_OPTION_TARGET`), which are lists in CSV form.
 */
export function limitsOf(args: readonly string[], env: NodeJS.ProcessEnv) {
  // Those that take a value, with their short forms: a value is not to be taken for a flag.
  const options = Object.fromEntries(
    Object.entries(FLAGS).map(([name, short]) => [name, { ...FLAG, ...(short !== "" && { short }) }]),
  );
  const { values } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true });
  const given = (name: "target" | "target-replace" | "exclude"): string[] => {
    const value = values[name];
    const list = (Array.isArray(value) ? value : []).map((each) => String(each).replace(/^=/, ""));
    const csv = env[`PULUMI_OPTION_${name.toUpperCase().replace("-", "_")}`] ?? "";
    if (list.length > 0 || csv === "") return list;
    const items = csv.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
    return items.map((item) => item.replace(/^"(.*)"$/s, "$1").replaceAll('""', '"'));
  };
  return { targets: [...given("target"), ...given("target-replace")], excludes: given("exclude") };
}
