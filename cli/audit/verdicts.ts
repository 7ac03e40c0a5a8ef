import { readMessage } from "../report/message";
import { neutral } from "../report/neutral";
import type { Finding as Reported, Severity } from "../report/report";
import type { Position } from "../report/position";
import type { Resource } from "../../policypack/engine/resource";
import { policies } from "../../policypack/policies";
import { s3BucketPublicAccessBlock, survey } from "../../policypack/policies/s3-bucket-public-access-block";
import { BUCKETS } from "../../policypack/policies/s3-bucket-public-access-block/resources";
import { isRoad, roads } from "../../policypack/roads";
import type { Finding, PackPolicy } from "../../policypack/sdk/definition";
import { exemptionFor } from "../../policypack/exemptions/match";
import type { Exemption } from "../../policypack/exemptions/schema";
import type { Block, Bucket, Failure } from "../../policypack/policies/s3-bucket-public-access-block/rule";
import { exempt, kindOf } from "../../policypack/shared/kinds";
import { nameIn, typeIn } from "../../policypack/shared/urn";
import type { Config, PolicyConfig } from "./config";
import { isManaged, tell } from "./resources";
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

/** What the evaluation of one stack leaves behind: nothing of the state itself, which can be large. */
export interface Evaluation {
  readonly resources: number;
  readonly buckets: number;
  /** Resources that policies read, that the program only reads too, and that are therefore not evaluated. */
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

/** Evaluates a stack by the pack's policies, with the same code as in a preview. `today` is the day (UTC, YYYY-MM-DD). */
export function evaluate(state: State, config: Config, today: string): Evaluation {
  const { resources } = state;
  const told = tell(resources, isRelevant);
  const stored = groupedByType(roads(told.map((each) => each.stored)));
  // What has no inputs is evaluated by its outputs, as in a preview at its end.
  const planned = groupedByType(
    told.flatMap((each) => roads([each.planned.isWithoutInputs ? each.stored : each.planned])),
  );
  const rule = config.of(s3BucketPublicAccessBlock).options;
  const surveyed = survey(resourcesFor(s3BucketPublicAccessBlock, stored), rule);
  const places = lazily(() => new Map(told.map(({ state }) => [state.urn, state])));
  const hosts = hostsIn([...stored.values(), ...planned.values()]);
  const verdicts = policies.flatMap((policy) => {
    const configured = config.of(policy);
    if (configured.level === "disabled") return [];
    const seen = resourcesFor(policy, policy.evaluates === "stack" ? stored : planned);
    return findingsOf(policy, seen, configured).map((finding) => {
      const host = hosts.get(finding.urn) ?? finding.urn;
      return verdict(policy, configured, finding, host, positionIn(places().get(host)?.frames ?? []), today);
    });
  });
  return {
    resources: resources.filter(isManaged).length,
    buckets: [...stored].reduce((count, [type, list]) => count + (BUCKETS.has(type) ? list.length : 0), 0),
    onlyRead: resources.filter(({ external, type }) => external && isRelevant(type)).length,
    verdicts,
    open: new Map([...surveyed.open].map(([bucket, failure]) => [bucket.urn, { bucket, failure }])),
    blocks: surveyed.blocks.filter(({ bucket }) => typeof bucket === "string"),
  };
}

const relevance = new Map<string, boolean>();

/** Whether any policy reads the type. A stack has many resources of few types. */
function isRelevant(type: string): boolean {
  const known = relevance.get(type) ?? (policies.some((policy) => policy.reads(type)) || isRoad(type));
  relevance.set(type, known);
  return known;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

type ByType = ReadonlyMap<string, readonly Resource[]>;

function groupedByType(resources: readonly Resource[]): ByType {
  const groups = new Map<string, Resource[]>();
  for (const each of resources) {
    const group = groups.get(each.type);
    if (group === undefined) groups.set(each.type, [each]);
    else group.push(each);
  }
  return groups;
}

function resourcesFor(policy: PackPolicy, byType: ByType): Resource[] {
  return [...byType].flatMap(([type, resources]) => (policy.reads(type) ? resources : []));
}

/** What is inside of a resource is shown on that one, as the engine knows no other. */
function hostsIn(lists: readonly (readonly Resource[])[]): Map<string, string> {
  const hosts = new Map<string, string>();
  for (const list of lists) for (const { urn, on } of list) if (on !== undefined) hosts.set(urn, on);
  return hosts;
}

/** As the pack reports them: of several on one resource, the first. */
function findingsOf(
  policy: PackPolicy,
  resources: readonly Resource[],
  { options }: PolicyConfig,
): Finding[] {
  if ("evaluateStack" in policy) return oneEach(policy.evaluateStack(resources, options));
  return oneEach(resources.flatMap((resource) => policy.evaluateResource(resource, options)));
}

function oneEach(findings: readonly Finding[]): Finding[] {
  if (findings.length < 2) return [...findings];
  const seen = new Set<string>();
  return findings.filter(({ urn }) => !seen.has(urn) && seen.add(urn));
}

function verdict(
  policy: PackPolicy,
  { level, exemptions }: PolicyConfig,
  { urn: place, message, isNote }: Finding,
  urn: string,
  position: Position | undefined,
  today: string,
): Verdict {
  const found =
    isNote === true
      ? undefined
      : (exemptionFor(exemptions, place, today) ?? exemptionFor(exemptions, urn, today));
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
