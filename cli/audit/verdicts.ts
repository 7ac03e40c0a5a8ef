import { shown } from "../report/message";
import { neutral } from "../report/neutral";
import type { Finding as Reported, Severity } from "../report/report";
import { locateInProject, type Position } from "../report/position";
import {
  type Assessment,
  type Block,
  type Bucket,
  BUCKETS,
  coveredBy,
  type Exempted,
  type Exemption,
  type Finding,
  groupBy,
  isAdapted,
  isViolation,
  type Language,
  type Matched,
  nameIn,
  type PackPolicy,
  published,
  type Resource,
  adapt,
  titleOf,
  typeIn,
  withExemptions,
} from "../../policypack/face";
import { policies, s3BucketPublicAccessBlock, survey } from "../../policypack/face-with-policies";
import type { Config, PolicyConfig } from "./config";
import { languageIn } from "./language";
import { isManaged, tell, type Told } from "./resources";
import type { State } from "./state";

/** What a policy says of a resource of a stack. */
export interface Verdict extends Reported {
  /** Its address, for a baseline to name; a report for people takes control characters out. */
  readonly urn: string;
  readonly severity: Severity;
  /** What is wrong, in words that are the same for all resources that it is wrong with. */
  readonly cause: string;
  /** The exemption that it falls under, whether it still holds or not. */
  readonly exemption?: Exemption;
  /** What would block as well, and says no more than this: whoever exempts this has to exempt that, too. */
  readonly covers?: readonly Exempted[];
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
  /** The exemptions that findings fell under which another covers. */
  readonly exemptionsOfCovered: readonly Exemption[];
  /** For the comparison with the other stacks. */
  readonly open: ReadonlyMap<string, OpenBucket>;
  readonly blocks: readonly Block[];
}

export interface OpenBucket {
  readonly bucket: Bucket;
  readonly failure: Assessment;
}

const PACK = "s3-public-access-block";

/** Evaluates a stack by the pack's policies, with the same code as in a preview. `today` is the day (UTC, YYYY-MM-DD). */
export function evaluate(state: State, config: Config, today: string): Evaluation {
  const { resources } = state;
  const told = tell(resources, isRelevant);
  const stored = groupedByType(adapt(told.map((each) => each.stored)));
  // What has no inputs is evaluated by its outputs, all of it together, as in a preview at its end.
  const [bare, given] = [true, false].map((wanted) =>
    told.filter(({ planned }) => planned.isWithoutInputs === wanted),
  ) as [Told[], Told[]];
  const planned = groupedByType([
    ...given.flatMap((each) => adapt([each.planned])),
    ...adapt(bare.map((each) => each.stored)),
  ]);
  const rule = config.of(s3BucketPublicAccessBlock).options;
  const surveyed = survey(resourcesFor(s3BucketPublicAccessBlock, stored), rule);
  const places = lazily(() => new Map(told.map(({ state }) => [state.urn, state])));
  const language = lazily(() => languageIn(told.flatMap(({ state }) => state.frames)));
  const hosts = hostsIn([...stored.values(), ...planned.values()]);
  const matched = policies
    .map((policy) => ({ policy, configured: config.of(policy) }))
    .filter(({ configured }) => configured.level !== "disabled")
    .map(({ policy, configured }) => {
      const seen = resourcesFor(policy, policy.evaluates === "stack" ? stored : planned);
      const findings = findingsOf(policy, seen, configured);
      const { exemptions, exceptions } = configured;
      return { ...{ policy, configured }, findings: withExemptions(findings, hosts, exemptions, today, exceptions) };
    });
  const { shown, covered, exemptionsOfCovered } = folded(matched);
  const verdicts = shown.flatMap(({ policy, configured, findings }) =>
    findings.map((each) => {
      // A finding may be on a component, which is of no type that a policy reads.
      const place = places().get(each.urn) ?? resources.find(({ urn }) => urn === each.urn);
      const position = locateInProject(place?.frames ?? []);
      return verdict(policy, configured, each, { position, language, covered });
    }),
  );
  return {
    resources: resources.filter(isManaged).length,
    buckets: [...stored].reduce((count, [type, list]) => count + (BUCKETS.has(type) ? list.length : 0), 0),
    onlyRead: resources.filter(({ external, type }) => external && isRelevant(type)).length,
    verdicts,
    exemptionsOfCovered,
    open: new Map([...surveyed.open].map(([bucket, failure]) => [bucket.urn, { bucket, failure }])),
    blocks: surveyed.blocks.filter(({ bucket }) => typeof bucket === "string"),
  };
}

const relevance = new Map<string, boolean>();

/** Whether any policy reads the type. A stack has many resources of few types. */
function isRelevant(type: string): boolean {
  const known = relevance.get(type) ?? (policies.some((policy) => policy.reads(type)) || isAdapted(type));
  relevance.set(type, known);
  return known;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

type ByType = ReadonlyMap<string, readonly Resource[]>;

function groupedByType(resources: readonly Resource[]): ByType {
  return groupBy(resources, ({ type }) => type);
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

function findingsOf(policy: PackPolicy, resources: readonly Resource[], { options }: PolicyConfig): Finding[] {
  if ("evaluateStack" in policy) return policy.evaluateStack(resources, options);
  return resources.flatMap((resource) => policy.evaluateResource(resource, options));
}

interface PolicyFindings {
  readonly policy: PackPolicy;
  readonly configured: PolicyConfig;
  readonly findings: readonly Matched[];
}

interface Folded {
  readonly shown: readonly PolicyFindings[];
  /** By its resource, what is left out though it would block. */
  readonly covered: ReadonlyMap<string, readonly Exempted[]>;
  readonly exemptionsOfCovered: readonly Exemption[];
}

/** One fault is one finding, as in a preview: what a mandatory finding covers of a policy that yields is left out. */
function folded(matched: readonly PolicyFindings[]): Folded {
  const covering = matched.filter(({ configured }) => configured.level === "mandatory");
  const urns = new Set(covering.flatMap(({ findings }) => coveredBy(findings)));
  const covered = new Map<string, Exempted[]>();
  const exemptionsOfCovered: Exemption[] = [];
  const shown = matched.map((each) => {
    const { policy, configured, findings } = each;
    if (urns.size === 0 || !("yields" in policy && policy.yields)) return each;
    const isCovered = ({ finding }: Matched): boolean => urns.has(finding.urn);
    for (const left of findings.filter(isCovered)) {
      const { urn } = left.finding;
      if (left.exemption !== undefined) exemptionsOfCovered.push(left.exemption.exemption);
      if (configured.level !== "mandatory" || !isViolation(left)) continue;
      covered.set(urn, [...(covered.get(urn) ?? []), { policy: policy.name, urn }]);
    }
    return { ...each, findings: findings.filter((finding) => !isCovered(finding)) };
  });
  return { shown, covered, exemptionsOfCovered };
}

interface Context extends Pick<Folded, "covered"> {
  readonly position: Position | undefined;
  readonly language: () => Language | undefined;
}

function verdict(
  policy: PackPolicy,
  { level, contact }: PolicyConfig,
  matched: Matched,
  { position, language, covered }: Context,
): Verdict {
  const { finding, urn: host, exemption: found } = matched;
  const { urn } = finding;
  const blocks = level === "mandatory" && isViolation(matched);
  const covers = blocks ? (finding.covers ?? []).flatMap((each) => covered.get(each) ?? []) : [];
  // How to exempt it is for a baseline.
  const told = { ...published(matched, policy, contact, language), howToExempt: undefined };
  return {
    pack: PACK,
    policy: policy.name,
    urn,
    type: neutral(typeIn(urn)),
    name: neutral(nameIn(urn)),
    ...(position === undefined ? {} : { position }),
    ...(urn === host ? {} : { placedAt: host }),
    severity: policy.severity,
    blocks,
    ...shown(told),
    cause: neutral(titleOf(told)),
    ...(covers.length === 0 ? {} : { covers }),
    ...(found === undefined ? {} : { exemption: found.exemption }),
  };
}
