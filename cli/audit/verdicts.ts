import { readMessage } from "../report/message";
import { neutral } from "../report/neutral";
import type { Finding as Reported, Severity } from "../report/report";
import type { Position } from "../report/position";
import type { Resource } from "../../policypack/engine/resource";
import { policies } from "../../policypack/policies";
import {
  s3BucketPublicAccessBlock,
  survey,
  type Survey,
} from "../../policypack/policies/s3-bucket-public-access-block";
import { toFinding } from "../../policypack/policies/s3-bucket-public-access-block/messages";
import { BUCKETS } from "../../policypack/policies/s3-bucket-public-access-block/resources";
import type { Finding, PackPolicy } from "../../policypack/sdk/definition";
import { exemptionFor } from "../../policypack/exemptions/match";
import type { Exemption } from "../../policypack/exemptions/schema";
import type { Block, Bucket, Failure } from "../../policypack/policies/s3-bucket-public-access-block/rule";
import { exempt, kindOf } from "../../policypack/shared/kinds";
import { nameIn, typeIn } from "../../policypack/shared/urn";
import type { Config, PolicyConfig } from "./config";
import { isManaged, tell, type Told } from "./resources";
import type { State } from "./state";

/** What a policy says of a resource of a stack. */
export interface Verdict extends Reported {
  /** As the state has it, for a baseline to name; a report for people takes control characters out. */
  readonly urn: string;
  readonly severity: Severity;
  /** What is wrong, in words that are the same for all resources that it is wrong with. */
  readonly cause: string;
  /** The exemption that it falls under, whether it still holds or not. */
  readonly exemption?: Exemption;
  /** A public access block in another stack that names the bucket, and whether it locks it for all that the states tell. */
  readonly elsewhere?: Elsewhere;
}

export interface Elsewhere {
  readonly stack: string;
  readonly urn: string;
  readonly locks: boolean;
}

/** What the judging of one stack leaves behind: nothing of the state itself, which can be large. */
export interface Judgment {
  readonly resources: number;
  readonly buckets: number;
  /** Resources that policies read, that the program only reads too, and that are therefore not judged. */
  readonly onlyRead: number;
  readonly verdicts: readonly Verdict[];
  /** For the comparison with the other stacks. */
  readonly open: ReadonlyMap<string, OpenBucket>;
  readonly blocks: readonly Block[];
}

export interface OpenBucket {
  readonly bucket: Bucket;
  readonly failure: Failure;
}

const PACK = "s3-public-access-block";

/** Judges a stack by the pack's policies, with the same code as in a preview. `today` is the day (UTC, YYYY-MM-DD). */
export function judge(state: State, config: Config, today: string): Judgment {
  const { resources } = state;
  const told = tell(resources, isRelevant);
  const byType = groupedByType(told);
  const surveyed = survey(
    storedFor(s3BucketPublicAccessBlock, byType),
    config.of(s3BucketPublicAccessBlock).settings,
  );
  const places = lazily(() => new Map(told.map(({ state }) => [state.urn, state])));
  const verdicts = policies.flatMap((policy) => {
    const settings = config.of(policy);
    if (settings.level === "disabled") return [];
    return findingsOf(policy, byType, settings, surveyed).map((finding) =>
      verdict(policy, settings, finding, positionIn(places().get(finding.urn)?.frames ?? []), today),
    );
  });
  return {
    resources: resources.filter(isManaged).length,
    buckets: told.filter(({ stored }) => BUCKETS.has(stored.type)).length,
    onlyRead: resources.filter(({ external, type }) => external && isRelevant(type)).length,
    verdicts,
    open: new Map([...surveyed.open].map(([bucket, failure]) => [bucket.urn, { bucket, failure }])),
    blocks: surveyed.blocks.filter(({ bucket }) => typeof bucket === "string"),
  };
}

const relevance = new Map<string, boolean>();

/** Whether any policy reads the type. A stack has many resources of few types. */
function isRelevant(type: string): boolean {
  const known = relevance.get(type) ?? policies.some((policy) => policy.reads(type));
  relevance.set(type, known);
  return known;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

type ByType = ReadonlyMap<string, readonly Told[]>;

function groupedByType(told: readonly Told[]): ByType {
  const groups = new Map<string, Told[]>();
  for (const each of told) {
    const group = groups.get(each.stored.type);
    if (group === undefined) groups.set(each.stored.type, [each]);
    else group.push(each);
  }
  return groups;
}

function toldFor(policy: PackPolicy, byType: ByType): Told[] {
  return [...byType].flatMap(([type, told]) => (policy.reads(type) ? told : []));
}

function storedFor(policy: PackPolicy, byType: ByType): Resource[] {
  return toldFor(policy, byType).map(({ stored }) => stored);
}

/** As the pack reports them: of several on one resource, the first. */
function findingsOf(
  policy: PackPolicy,
  byType: ByType,
  { settings }: PolicyConfig,
  { open, buckets }: Survey,
): Finding[] {
  if (policy === s3BucketPublicAccessBlock) {
    return oneEach([...open].map(([bucket, failure]) => toFinding(bucket, failure, buckets.get(bucket.urn))));
  }
  if ("evaluateStack" in policy) return oneEach(policy.evaluateStack(storedFor(policy, byType), settings));
  // What has no inputs is judged by its outputs, as in a preview at its end.
  return toldFor(policy, byType).flatMap(({ planned, stored }) =>
    oneEach(policy.evaluateResource(planned.isWithoutInputs ? stored : planned, settings)),
  );
}

function oneEach(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings];
  const seen = new Set<string>();
  return findings.filter(({ urn }) => !seen.has(urn) && seen.add(urn));
}

function verdict(
  policy: PackPolicy,
  { level, exemptions }: PolicyConfig,
  { urn, message, isNote }: Finding,
  position: Position | undefined,
  today: string,
): Verdict {
  const found = isNote === true ? undefined : exemptionFor(exemptions, urn, today);
  const isExempt = found?.holds === true;
  return {
    pack: PACK,
    policy: policy.name,
    urn,
    type: neutral(typeIn(urn)),
    name: neutral(nameIn(urn)),
    ...(position === undefined ? {} : { position }),
    severity: policy.severity,
    blocks: level === "mandatory" && !isExempt && isNote !== true,
    ...readMessage(found === undefined ? message : withExemption(message, found), kindOf),
    cause: causeOf(message, urn),
    ...(found === undefined ? {} : { exemption: found.exemption }),
  };
}

function withExemption(
  message: string,
  { exemption, holds }: { exemption: Exemption; holds: boolean },
): string {
  const { reason, expires } = exemption;
  if (!holds) return `${message}\nIts exemption ran out on ${expires ?? ""}: ${reason}`;
  return exempt(reason, expires, message.split("\n", 1)[0] ?? "");
}

/** The first line of a message without the names in it. */
export function causeOf(message: string, urn: string): string {
  const [first = ""] = message.replaceAll(`'${nameIn(urn)}'`, "'…'").split("\n", 1);
  return neutral(first)
    .replace(/(?<= )'[^']*'(?=[ .:]|$)/g, "…") // Not the one of "can't".
    .replace(/… and …( and (…|\d+ more))*/g, "…")
    .replace(/( (of|in))? …/g, "")
    .replace(/[.:]$/, "");
}

/**
 * The innermost place that the program's own project has, relative to the project's folder: another folder's path would
 * mean nothing to a reader, and node_modules is nobody's to change.
 */
function positionIn(frames: readonly string[]): Position | undefined {
  for (const frame of frames) {
    const [, path, line, column] = /^project:\/\/\/([^#]+)#(\d+)(?:,(\d+))?$/.exec(frame) ?? [];
    if (path === undefined || /^(\.\.|file:|\/)|(^|\/)node_modules\//.test(path)) continue;
    const file = neutral(decoded(path));
    return { file, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
  }
  return undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
