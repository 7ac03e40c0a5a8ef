import { countsOf, natural } from "../report/groups";
import { dayAfter, type Exemption, isInside } from "../../policypack/face";
import { policies } from "../../policypack/face-with-policies";
import type { Config } from "./config";
import { eachOf } from "../each-of";
import { blocksByName, elsewhere, type Located } from "./elsewhere";
import type { Audit } from "../report/audit";
import { type ExemptionCheck, type Listed, noVerdict, type Report } from "../report/report";
import type { Source } from "./sources";
import { readState } from "./state";
import { evaluate, type Evaluation, type Verdict } from "./verdicts";

export interface Request {
  readonly sources: readonly Source[];
  readonly config: Config;
  /** Whether a configuration was given, whose exemptions are to be reported on. */
  readonly isConfigured: boolean;
  /** The day (UTC, YYYY-MM-DD). */
  readonly today: string;
  /** The number of days within which an exemption counts as expiring. */
  readonly expiringWithin: number;
  /** Whether a block in another stack counts. */
  readonly acceptOtherStacks: boolean;
  /** How many stacks are read at once. */
  readonly parallel: number;
  /** Is told after each stack. */
  readonly progress: (done: number, name: string) => void;
}

/** Reads and evaluates every stack; one that can't be read is named, and the others are evaluated all the same. */
export async function audit(request: Request): Promise<Audit> {
  const { sources, config, today, expiringWithin, isConfigured } = request;
  const evaluated: (Evaluation | undefined)[] = sources.map(() => undefined);
  const unreadable: Report[] = [];
  let done = 0;
  await eachOf(sources, request.parallel, async ({ name, read }, at) => {
    try {
      evaluated[at] = evaluate(readState(await read()), config, today);
    } catch (error) {
      unreadable.push(noVerdict([error instanceof Error ? error.message : String(error)], name, MANIFEST));
    }
    request.progress(++done, name);
  });
  const found = compared(sources, evaluated, request.acceptOtherStacks);
  return {
    date: today,
    reports: [...found.map(reportOf).sort(byWeight), ...unreadable.sort(byName)],
    exemptions: isConfigured ? check(config, found, today, expiringWithin) : undefined,
  };
}

interface Stack extends Evaluation {
  readonly name: string;
}

/** The stacks, each open bucket with the block that another stack has for it. */
function compared(
  sources: readonly Source[],
  evaluated: readonly (Evaluation | undefined)[],
  accept: boolean,
): Stack[] {
  const stacks = sources.flatMap(({ name }, at): Stack[] => {
    const evaluation = evaluated[at];
    return evaluation === undefined ? [] : [{ name, ...evaluation }];
  });
  const located = stacks.flatMap(({ name, blocks }) => blocks.map((block): Located => ({ stack: name, block })));
  const named = blocksByName(located);
  return stacks.map((stack) => {
    const withElsewhere = (verdict: Verdict): Verdict[] => {
      const open = verdict.policy === BUCKET_RULE ? stack.open.get(verdict.urn) : undefined;
      const found = open && elsewhere(open, stack.name, named);
      if (found === undefined) return [verdict];
      return accept && found.locks ? [] : [{ ...verdict, elsewhere: found }];
    };
    return { ...stack, verdicts: stack.verdicts.flatMap(withElsewhere) };
  });
}

const BUCKET_RULE = "s3-bucket-public-access-block";

/** A position in a state is relative to its project's folder. */
const MANIFEST = "Pulumi.yaml";

function reportOf({ name, verdicts, resources, buckets, onlyRead }: Stack): Report {
  const verdict = verdicts.some(({ blocks }) => blocks) ? "blocked" : "passed";
  const findings = [...verdicts].sort(byUrn);
  return { ...noVerdict([], name, MANIFEST), verdict, findings, resources, buckets, onlyRead };
}

function byWeight(one: Report, other: Report): number {
  return countsOf(other.findings).blocking - countsOf(one.findings).blocking || byName(one, other);
}

function byName(one: Report, other: Report): number {
  return natural(one.stack, other.stack);
}

function byUrn(one: Verdict, other: Verdict): number {
  return Number(other.blocks) - Number(one.blocks) || (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0);
}

function check(config: Config, stacks: readonly Stack[], today: string, within: number): ExemptionCheck {
  const verdicts = stacks.flatMap((stack) => stack.verdicts);
  const used = new Set([
    ...verdicts.map(({ exemption }) => exemption),
    ...stacks.flatMap(({ exemptionsOfCovered }) => exemptionsOfCovered),
  ]);
  const inside = new Map<Exemption | undefined, number>();
  for (const { urn, exemption } of verdicts) if (isInside(urn)) inside.set(exemption, (inside.get(exemption) ?? 0) + 1);
  const all = policies.flatMap((policy) =>
    config.of(policy).exemptions.map((exemption) => ({ policy: policy.name, exemption })),
  );
  const soon = dayAfter(today, within);
  const listed = (wanted: (exemption: Exemption) => boolean): Listed[] =>
    all.filter(({ exemption }) => wanted(exemption)).map(({ policy, exemption }) => ({ policy, ...exemption }));
  return {
    within,
    expired: listed(({ expires }) => expires !== undefined && expires < today),
    expiring: listed(({ expires }) => expires !== undefined && expires >= today && expires <= soon),
    reaching: all.flatMap(({ policy, exemption }) => {
      const findings = inside.get(exemption);
      return findings === undefined || !exemption.urn.includes("*") ? [] : [{ policy, ...exemption, findings }];
    }),
    unused: listed((exemption) => !used.has(exemption)),
  };
}
