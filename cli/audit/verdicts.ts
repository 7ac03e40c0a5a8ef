import { shown } from "../report/message";
import { neutral } from "../report/neutral";
import type { Finding as Reported } from "../report/report";
import { locateInProject } from "../report/position";
import { LIVE, OWN } from "../report/rules";
import { targetsIn } from "../live/targets";
import type { Exempted, Matched, PackPolicy, Resource } from "../../policypack/face";
import {
  adapt,
  BUCKETS,
  coveredBy,
  groupBy,
  isAdapted,
  isViolation,
  languageOfRuntime,
  nameIn,
  published,
  titleOf,
  typeIn,
  withExemptions,
} from "../../policypack/face";
import { policies, s3BucketPublicAccessBlock, survey } from "../../policypack/face-with-policies";
import type { Config, PolicyConfig } from "../config";
import { managedIn } from "./resources";
import type { StateResource } from "./state";

/** A policy's finding on a resource of a stack, by its raw URN, for a baseline to name. */
export type Verdict = Reported & Required<Pick<Reported, "severity" | "cause">>;

/** The result for one stack, without the state itself, which can be large. */
export type Evaluation = Readonly<ReturnType<typeof evaluate>>;

export type OpenBucket = NonNullable<ReturnType<Evaluation["open"]["get"]>>;

/** Evaluates a stack by the pack's policies, with the same code as in a preview. `today` is the day (UTC, YYYY-MM-DD). */
export function evaluate(resources: readonly StateResource[], config: Config, today: string, isLive = false) {
  const managed = managedIn(resources, isRelevant);
  const stored = byType(adapt(managed.map((each) => each.stored)));
  // A resource without inputs is evaluated by its outputs, with the whole stack, as at the end of a preview.
  const given = managed.filter(({ planned }) => !planned.isWithoutInputs);
  const bare = managed.filter(({ planned }) => planned.isWithoutInputs);
  const alone = given.flatMap((each) => adapt([each.planned]));
  const planned = byType([...alone, ...adapt(bare.map((each) => each.stored))]);
  // A finding inside a resource is shown on that one, the only one that the engine knows.
  const all = [...stored.values(), ...planned.values()].flat();
  const hosts = new Map(all.flatMap(({ urn, on }) => (on === undefined ? [] : [[urn, on]])));
  const judged = policies.flatMap((policy): Judged[] => {
    const configured = config.of(policy.name);
    const { level, options, exempting, exceptions } = configured;
    if (level === "disabled") return [];
    const seen = readBy(policy, policy.evaluates === "stack" ? stored : planned);
    const findings =
      "evaluateStack" in policy
        ? policy.evaluateStack(seen, options)
        : seen.flatMap((resource) => policy.evaluateResource(resource, options));
    const matched = withExemptions(findings, hosts, exempting, today, exceptions);
    return matched.map((each) => ({ ...each, policy, configured }));
  });
  // One fault is one finding, as in a preview: what a mandatory finding covers of a policy that yields is left out.
  const covering = new Set(coveredBy(judged.filter(({ configured }) => configured.level === "mandatory")));
  const isCovered = ({ policy, finding }: Judged): boolean =>
    "yields" in policy && policy.yields && covering.has(finding.urn);
  const covered = judged.filter(isCovered);
  const coveredByUrn = groupBy(covered.filter(blocks), ({ finding }) => finding.urn);

  const places = new Map(managed.map((each) => [each.state.urn, each]));
  const language = languageIn(managed.flatMap(({ state }) => state.frames()));
  const subjectOf = (urn: string, host: string) => {
    // A finding may be on a component, which is of no type that a policy reads.
    const place = places.get(urn);
    const state = place?.state ?? resources.find((resource) => resource.urn === urn);
    const position = locateInProject(state?.frames() ?? []);
    const physicalId = place && physicalIdOf(place.state, place.stored);
    const names = { pack: OWN, urn, type: neutral(typeIn(urn)), name: neutral(nameIn(urn)), physicalId };
    return { ...names, ...(position && { position }), ...(urn !== host && { placedAt: host }) };
  };
  const verdicts = judged
    .filter((each) => !isCovered(each))
    .map((each): Verdict => {
      const { policy, configured, finding, urn: host, exemption: match } = each;
      const { urn } = finding;
      const covers = (blocks(each) ? (finding.covers ?? []) : [])
        .flatMap((covered) => coveredByUrn.get(covered) ?? [])
        .map((left): Exempted => ({ policy: left.policy.name, urn: left.finding.urn }));
      // How to exempt it is for a baseline.
      const whole = { ...published(each, policy, configured.contact, () => language), howToExempt: undefined };
      return {
        ...subjectOf(urn, host),
        policy: policy.name,
        severity: policy.severity,
        blocks: blocks(each),
        ...shown(whole),
        cause: neutral(titleOf(whole)),
        ...(covers.length === 0 ? {} : { covers }),
        ...(match === undefined ? {} : { exemption: match.exemption }),
      };
    });
  const rule = s3BucketPublicAccessBlock;
  const targetOf = targetsIn(isLive ? resources : []);
  const surveyed = survey(readBy(rule, stored), config.of(rule.name).options);
  return {
    resources: resources.filter(({ isManaged }) => isManaged).length,
    buckets: [...stored].reduce((count, [type, list]) => count + (BUCKETS.has(type) ? list.length : 0), 0),
    /** Resources that policies read, that the program only reads too, and that are therefore not evaluated. */
    onlyRead: resources.filter(({ isOnlyRead, type }) => isOnlyRead && isRelevant(type)).length,
    verdicts,
    /** The exemptions that findings fell under which another covers. */
    exemptionsOfCovered: covered.flatMap(({ exemption: match }) => (match === undefined ? [] : [match.exemption])),
    /** For the comparison with the other stacks. */
    open: new Map([...surveyed.open].map(([bucket, failure]) => [bucket.urn, { bucket, failure }])),
    blocks: surveyed.blocks.filter(({ bucket }) => typeof bucket === "string"),
    /** The buckets that S3 can be asked for; none where it isn't. */
    asked: [...(isLive ? surveyed.buckets : [])].map(([urn, bucket]) => ({
      target: targetOf(bucket),
      subject: { ...subjectOf(urn, hosts.get(urn) ?? urn), policy: LIVE },
    })),
  };
}

/** A bucket's ARN; of what belongs to a bucket, that one's name and its own ID. Nothing else is the only one in AWS of its ID. */
function physicalIdOf({ id, type }: StateResource, { read, isSecret }: Resource): string | undefined {
  const [arn, bucket] = ["arn", "bucket"].map((key) => (isSecret(key) ? undefined : read(key)));
  if (BUCKETS.has(type) && typeof arn === "string") return arn;
  return typeof bucket === "string" && id !== undefined ? `${bucket} ${id}` : undefined;
}

/** A finding, the policy that has it, and how that is configured. */
type Judged = Matched & Readonly<{ policy: PackPolicy; configured: PolicyConfig }>;

const blocks = (judged: Judged): boolean => judged.configured.level === "mandatory" && isViolation(judged);

const relevance = new Map<string, boolean>();

/** A stack has many resources of few types. */
export function isRelevant(type: string): boolean {
  const known = relevance.get(type) ?? (policies.some((policy) => policy.reads(type)) || isAdapted(type));
  relevance.set(type, known);
  return known;
}

type ByType = ReadonlyMap<string, readonly Resource[]>;

const byType = (resources: readonly Resource[]): ByType => groupBy(resources, ({ type }) => type);

function readBy(policy: PackPolicy, byType: ByType): Resource[] {
  return [...byType].flatMap(([type, resources]) => (policy.reads(type) ? resources : []));
}

const RUNTIMES = { nodejs: /^[mc]?[tj]s$|^[tj]sx$/, python: /^py$/, go: /^go$/, dotnet: /^cs$/, java: /^java$/ };

/**
 * The language of a stack's program, by the files in which it made its resources: a state doesn't have it otherwise. A
 * program has one language, and a component of another one has no positions in the state.
 * @param frames positions as a state has them, `project:///index.ts#8,11`
 */
function languageIn(frames: readonly string[]) {
  for (const frame of frames) {
    const [, ending = ""] = /\.([a-z]+)#\d+(?:,\d+)?$/.exec(frame) ?? [];
    const known = Object.entries(RUNTIMES).find(([, pattern]) => pattern.test(ending));
    if (known !== undefined) return languageOfRuntime(known[0]);
  }
  return undefined;
}
