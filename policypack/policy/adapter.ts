import type {
  Policies,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { EnforcementLevel } from "@pulumi/pulumi/proto/analyzer_pb";
import { isLate, type Resource } from "../engine/resource";
import type { Configuration, EngineView } from "../engine/view";
import { isAdapted, adapt } from "../adapters";
import { own } from "../lib/remediation";
import { configSchema } from "./configuration";
import type { Options, PackPolicy } from "./definition";
import { languages } from "./program";
import { type Circumstances, configurationIssues, reporterOf, reportList, shownOnly } from "./report";

type View = Readonly<EngineView>;

export function toSdk(policies: readonly PackPolicy[], view: View): Policies {
  const shared = sharedBy(policies.map(({ name }) => name));
  return policies.map((policy) => adapted(policy, view, shared));
}

/** Computed once per request of the engine, for all policies. */
type Shared = ReturnType<typeof sharedBy>;

function sharedBy(names: readonly string[]) {
  return {
    /** An analyzed resource, in types that policies know. */
    ofResource: once((resource: Resource) => adapt([resource])),
    ofStack: once(adapt),
    /** Of a stack, only what wasn't evaluated before. */
    ofLate: once((stack: readonly Resource[]) => adapt(stack.filter(isLate))),
    /** Resources of a stack that a failing finding on another resource already covers. */
    covered: once<readonly Resource[], [], Set<string>>(() => new Set()),
    /** Whoever reports them takes them out. */
    configurationIssues: once((configuration: Configuration) => configurationIssues(configuration, names)),
    language: once((tags: View["tags"]) => languages(tags)),
  };
}

/** Remembers the answer to the last question. The view answers with the same objects until the next request. */
function once<Key extends object, Rest extends unknown[], Value>(
  answer: (key: Key, ...rest: Rest) => Value,
): (key: Key, ...rest: Rest) => Value {
  let last: { readonly key: Key; readonly value: Value } | undefined;
  return (key, ...rest) => {
    if (last?.key !== key) last = { key, value: answer(key, ...rest) };
    return last.value;
  };
}

function adapted(
  policy: PackPolicy,
  view: View,
  shared: Shared,
): StackValidationPolicy | (ResourceValidationPolicy & StackValidationPolicy) {
  const { name, displayName, description, severity, framework, tags, remediationSteps, url } = policy;
  const metadata = {
    ...{ name, displayName, description, severity, framework, tags, remediationSteps, url },
    enforcementLevel: policy.level ?? "mandatory",
    configSchema: configSchema(policy),
  };
  const reporting = once((all: Configuration, options: Options) => reporterOf(policy, options, all, view.tags));
  const reporter = (options: Options) => reporting(view.configuration, options);
  // By the level that it is configured with, or else by its own.
  const isMandatory = (): boolean => {
    const configured = view.configuration.levels.get(name);
    if (configured === undefined) return metadata.enforcementLevel === "mandatory";
    return configured === EnforcementLevel.MANDATORY || configured === EnforcementLevel.REMEDIATE;
  };
  const isWaiting = (): boolean => "yields" in policy && policy.yields && view.isPreview;
  const evaluated = (all: readonly Resource[], options: Options) => {
    const resources = all.filter(({ type }) => policy.reads(type));
    const findings =
      "evaluateStack" in policy
        ? policy.evaluateStack(resources, options)
        : resources.flatMap((resource) => policy.evaluateResource(resource, options));
    return { resources, findings };
  };
  type Evaluated = ReturnType<typeof evaluated>;
  /** Findings of a preview that a stack's finding may cover. */
  const waiting: Evaluated[] = [];
  const reportAll = (options: Options, report: ReportViolation, found: Evaluated[], rest?: Partial<Circumstances>) => {
    const [resources, findings] = [found.flatMap((each) => each.resources), found.flatMap((each) => each.findings)];
    reporter(options).report(report, resources, findings, { language: shared.language(view.tags), ...rest });
  };
  const validateStack: StackValidationPolicy["validateStack"] = (args, report) => {
    const options = args.getConfig<Options>();
    const stack = view.stack();
    // A resource without inputs is evaluated at the end, by its outputs; each resource is evaluated once.
    const all = ("evaluateStack" in policy ? shared.ofStack : shared.ofLate)(stack);
    const found = [...waiting.splice(0), evaluated(all, options)];
    // If the run creates nothing, findings are only shown.
    if (!view.isOfProgram()) {
      reportAll(options, shownOnly(report), found);
      return;
    }
    const covered = shared.covered(stack);
    reportAll(options, report, found, {
      ...(isMandatory() && { cover: (urn) => covered.add(urn) }),
      ...(isWaiting() && { isCovered: (urn) => covered.has(urn) }),
    });
    const issues = shared.configurationIssues(view.configuration).splice(0);
    reportList(report, "The policy pack's configuration needs a look", issues, "advisory");
    reporter(options).reportExemptionIssues(report, view.urnStart);
  };
  if ("evaluateStack" in policy) return { ...metadata, validateStack };
  const { remediate } = policy;
  return {
    ...metadata,
    validateStack,
    validateResource: (args, report) => {
      if (!policy.reads(args.type) && !isAdapted(args.type)) notApplicable(args);
      const options = args.getConfig<Options>();
      const resource = view.resource(args.urn);
      if (isLate(resource)) return;
      const found = evaluated(shared.ofResource(resource), options);
      if (isWaiting()) waiting.push(found);
      else reportAll(options, report, [found]);
    },
    ...(remediate && {
      remediateResource: (args) => {
        if (!policy.reads(args.type) || Object.keys(args.props).length === 0) return undefined;
        if (reporter(args.getConfig<Options>()).isExempt(args.urn)) return undefined;
        const { provider } = args;
        const given = provider && { urn: provider.urn, read: (key: string) => own(provider.props, key) };
        return remediate(args.props, given) ? args.props : undefined;
      },
    }),
  };
}

/** The SDK reports it by an error, for most resources and policies. The stack trace, which nobody reads, is the costly part. */
function notApplicable(args: ResourceValidationArgs): never {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return args.notApplicable();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
