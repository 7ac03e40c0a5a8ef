import { type Block, dayAfter, type Exemption, groupBy, isInside } from "../../policypack/face";
import { LOCKED, policies } from "../../policypack/face-with-policies";
import { type Config, NO_CONFIG, withExceptions } from "../config";
import { eachOf } from "../each-of";
import type { Answers } from "../live/ask";
import type { Target } from "../live/model";
import { coverageOf, ofAccount, withLive } from "../live/verdicts";
import { type Audit, findingsOf } from "../report/audit";
import { InterruptedError } from "../pulumi/cli";
import type { CloudExceptions } from "../pulumi/exceptions";
import { countsOf, natural, sorted } from "../report/groups";
import { type ExemptionCheck, type Finding, noVerdict, type Report } from "../report/report";
import { BUCKET_POLICY, OWN } from "../report/rules";
import { plural } from "../report/words";
import type { Options } from "./args";
import type { Source } from "./files";
import { readState } from "./state";
import { evaluate, type Evaluation, type OpenBucket, type Verdict } from "./verdicts";

type Given = Pick<Options, "expiringWithin" | "acceptOtherStacks" | "jobs">;
export interface Request extends Given, Partial<Pick<Options, "configFile" | "acceptUnknown">> {
  readonly sources: readonly Source[];
  /** Undefined where none was given, whose exemptions could be reported on. */
  readonly config: Config | undefined;
  /** Pulumi Cloud's own exceptions; undefined where the stacks aren't from there. */
  readonly cloud?: CloudExceptions | undefined;
  /** The day (UTC, YYYY-MM-DD). */
  readonly today: string;
  /** Asks S3 for the buckets; undefined where only the states are read. */
  readonly ask?: ((targets: readonly Target[]) => Promise<Answers>) | undefined;
  /** Called after each stack. */
  readonly progress: (done: number, name: string) => void;
}

type Stack = Evaluation & Pick<Report, "live"> & { readonly name: string };

/** Reads and evaluates every stack; one that can't be read is named, and the others are evaluated all the same. */
export async function audit(request: Request): Promise<Audit> {
  const { config = NO_CONFIG, cloud, today, ask, acceptUnknown = false } = request;
  const { all: excepted, problems, configOf } = cloud ?? { all: [], problems: [], configOf: () => config };
  let done = 0;
  let interrupted: InterruptedError | undefined;
  const results = await eachOf(request.sources, request.jobs, async ({ name, read }): Promise<Stack | Report> => {
    if (interrupted !== undefined) throw interrupted;
    try {
      return { name, ...evaluate(readState(await read()), configOf(name), today, ask !== undefined) };
    } catch (error) {
      if (error instanceof InterruptedError) throw (interrupted = error);
      return noVerdict([error instanceof Error ? error.message : String(error)], name, MANIFEST);
    } finally {
      request.progress(++done, name);
    }
  });
  const read = results.flatMap((each) => ("problems" in each ? [] : [each]));
  const evaluated = withElsewhere(read, request.acceptOtherStacks);
  const ran = policies
    .filter(({ name }) => config.of(name).level !== "disabled")
    .map(({ name }) => ({ pack: OWN, policy: name }));
  const given = { today, acceptUnknown, manifest: MANIFEST };
  const terms = (name: string) => ({ ...given, rule: configOf(name).of(BUCKET_POLICY) });
  const answers = await ask?.(evaluated.flatMap(({ asked }) => asked.map(({ target }) => target)));
  const stacks = answers
    ? evaluated.map((stack) => ({ ...stack, ...withLive(stack, answers, terms(stack.name)) }))
    : evaluated;
  const accounts = answers?.accounts?.map((account) => ofAccount(account, answers, terms(""))) ?? [];
  const unreadable = results.flatMap((each) => ("problems" in each ? [each] : []));
  const reports = [...stacks.map((stack) => ({ ...reportOf(stack), policies: ran })), ...accounts].sort(
    (one, other) => countsOf(other.findings).blocking - countsOf(one.findings).blocking || byName(one, other),
  );
  const excepting = new Set(excepted.map(({ exemption }): Exemption | undefined => exemption));
  const inCloud = findingsOf({ reports }).filter(({ exemption }) => excepting.has(exemption)).length;
  const counted = excepted.length === 0 ? [] : [`Exempt in Pulumi Cloud: ${plural(inCloud, "finding")}`];
  const checked = request.config ?? (excepted.length > 0 ? config : undefined);
  return {
    ...{ date: today, acceptUnknown },
    reports: [...reports, ...unreadable.sort(byName)],
    coverage: answers?.accounts && coverageOf(answers.accounts, accounts),
    configuration: request.configFile === undefined ? undefined : { file: request.configFile, sha256: config.sha256 },
    notes: [...counted, ...problems],
    exemptions: checked && check(withExceptions(checked, excepted), reports, stacks, request),
  };
}

/** A position in a state is relative to its project's folder. */
const MANIFEST = "Pulumi.yaml";

function reportOf({ name, verdicts, resources, buckets, onlyRead, live }: Stack): Report {
  const verdict = verdicts.some(({ blocks }) => blocks) ? "blocked" : "passed";
  const findings = sorted(verdicts);
  return { ...noVerdict([], name, MANIFEST), verdict, findings, resources, buckets, onlyRead, ...(live && { live }) };
}

const byName = (one: Report, other: Report): number => natural(one.stack, other.stack);

/** A public access block of a stack, and the stack. */
type Located = Readonly<{ stack: string; block: Block }>;

/** The stacks, each open bucket with the block that another stack has for it; without it where that one counts and locks. */
function withElsewhere(stacks: readonly Stack[], accept: boolean): Stack[] {
  const located = stacks.flatMap(({ name, blocks }) => blocks.map((block): Located => ({ stack: name, block })));
  const byBucket = groupBy(located, ({ block }): unknown => block.bucket);
  return stacks.map((stack) => {
    const verdicts = stack.verdicts.flatMap((verdict): Verdict[] => {
      const open = verdict.policy === BUCKET_POLICY ? stack.open.get(verdict.urn) : undefined;
      const elsewhere = open && elsewhereOf(open, stack.name, byBucket.get(open.bucket.name) ?? []);
      if (elsewhere === undefined) return [verdict];
      return accept && elsewhere.locks ? [] : [{ ...verdict, elsewhere }];
    });
    return { ...stack, verdicts };
  });
}

/**
 * Public access blocks in other stacks that name an open bucket exactly. A preview sees one stack, so that the policy pack
 * can't count them; and who reads one state can't see from it that the other stack is still there tomorrow. So they are
 * reported, and count only where the audit is asked to count them.
 *
 * LOCKS  the bucket has no block of its own, every block in other stacks that has its name is in its partition, and each has
 *        the four flags on, as has each block of its own stack that may target it: S3 keeps the flags of the last write
 */
function elsewhereOf({ bucket, failure }: OpenBucket, stack: string, named: readonly Located[]): Verdict["elsewhere"] {
  if (typeof bucket.name !== "string" || ["weak", ...LOCKED].includes(failure.kind)) return undefined;
  const { partition } = bucket.scope;
  const found = named
    .filter((each) => each.stack !== stack && each.block.urn !== bucket.urn)
    .filter(({ block }) => !(partition && block.scope.partition) || block.scope.partition === partition);
  const weak = found.find(({ block }) => block.gaps.length > 0) ?? found[0];
  if (weak === undefined) return undefined;
  const isSame = found.every(({ block }) => partition !== undefined && block.scope.partition === partition);
  const blocks = [...found.map(({ block }) => block), ...(failure.kind === "unproven" ? failure.blocks : [])];
  return { stack: weak.stack, urn: weak.block.urn, locks: isSame && blocks.every(({ gaps }) => gaps.length === 0) };
}

/** How many of the oldest exemptions are listed: a baseline has thousands of one day. */
const MOST_OLD = 5;

function check(config: Config, reports: readonly Report[], stacks: readonly Stack[], request: Request): ExemptionCheck {
  const { today, expiringWithin: within } = request;
  const found = findingsOf({ reports });
  const ofCovered = stacks.flatMap(({ exemptionsOfCovered }) => exemptionsOfCovered);
  const used = new Set([...found.map(({ exemption }) => exemption), ...ofCovered]);
  const all = policies.flatMap(({ name: policy }) => {
    const { exemptions, exceptions } = config.of(policy);
    return [...exemptions, ...exceptions].map((exemption) => ({ exemption, policy }));
  });
  const listed = (wanted: (exemption: Exemption) => boolean) =>
    all.flatMap(({ exemption, policy }) => (wanted(exemption) ? [{ policy, ...exemption }] : []));
  /** Those that cover any of these findings today, the widest first. */
  const counted = (some: readonly Finding[], wanted: (exemption: Exemption) => boolean) => {
    const covered = groupBy(some, ({ exemption }) => exemption);
    const count = (exemption: Exemption): number => covered.get(exemption)?.length ?? 0;
    return all
      .filter(({ exemption }) => count(exemption) > 0 && wanted(exemption))
      .map(({ exemption, policy }) => ({ policy, ...exemption, findings: count(exemption) }))
      .sort((one, other) => other.findings - one.findings);
  };
  const ages = counted(found, () => true).sort((one, other) => natural(one.since ?? "~", other.since ?? "~"));
  const soon = dayAfter(today, within);
  const inside = found.filter(({ urn }) => isInside(urn));
  const isPattern = ({ urn }: Exemption): boolean => urn.includes("*");
  return {
    within,
    expired: listed(({ expires }) => expires !== undefined && expires < today),
    expiring: listed(({ expires }) => expires !== undefined && expires >= today && expires <= soon),
    broken: listed(({ breaks }) => breaks !== undefined),
    broadest: counted(found, isPattern),
    oldest: ages.slice(0, MOST_OLD),
    undated: ages.filter(({ since }) => since === undefined).length,
    lasting: counted(found, ({ expires }) => expires === undefined),
    reaching: counted(inside, isPattern),
    unused: listed((exemption) => !used.has(exemption)),
  };
}
