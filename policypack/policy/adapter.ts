import type {
  Policies,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isLate, type Provider, type Resource } from "../engine/resource";
import type { Configuration, EngineView } from "../engine/view";
import { exemptionFor } from "../exemptions/match";
import type { Finding } from "../findings/finding";
import { isAdapted, adapt } from "../adapters";
import { own } from "../lib/remediation";
import { configSchema } from "./configuration";
import type { Options, PackPolicy } from "./definition";
import { languages } from "./program";
import {
  configurationIssues,
  newRun,
  reportConfigurationIssues,
  reportExemptionIssues,
  reportFindings,
  shownOnly,
  type Reporter,
  type Run,
} from "./report";
import { today } from "../lib/days";

/** The policies as the SDK takes them. */
export function toSdk(policies: readonly PackPolicy[], view: EngineView): Policies {
  const names = policies.map(({ name }) => name);
  const shared: Shared = {
    ofResource: once((resource) => adapt([resource])),
    ofStack: once(adapt),
    ofLate: once((stack) => adapt(stack.filter(isLate))),
    covered: once(() => new Set()),
    configurationIssues: once((configuration) => configurationIssues(configuration, names)),
    language: once(languages),
  };
  return policies.map((policy) => adapted(policy, view, shared));
}

/** What is worked out once per request of the engine, and is the same for all policies. */
interface Shared {
  /** What a resource that is analyzed stands for, in types that policies know. */
  readonly ofResource: (resource: Resource) => readonly Resource[];
  readonly ofStack: (stack: readonly Resource[]) => readonly Resource[];
  /** Of a stack, only what wasn't evaluated before. */
  readonly ofLate: (stack: readonly Resource[]) => readonly Resource[];
  /** Resources of a stack that a failing finding on another resource already covers. */
  readonly covered: (stack: readonly Resource[]) => Set<string>;
  /** Whoever reports them takes them out. */
  readonly configurationIssues: (configuration: Configuration) => string[];
  readonly language: (tags: ReadonlyMap<string, string>) => Reporter["language"];
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

interface Evaluated {
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
}

function adapted(
  policy: PackPolicy,
  view: EngineView,
  shared: Shared,
): StackValidationPolicy | (ResourceValidationPolicy & StackValidationPolicy) {
  const { name, displayName, description, severity, framework, tags, remediationSteps, url } = policy;
  const enforcementLevel = policy.level ?? "mandatory";
  const metadata = {
    ...{ name, displayName, description, severity, framework, tags, remediationSteps, url, enforcementLevel },
    configSchema: configSchema(policy),
  };
  const runOf = once((configuration: Configuration, options: Options) => newRun(policy, options, configuration));
  const run = (options: Options): Run => runOf(view.configuration(), options);
  const reporter = (options: Options, report: ReportViolation): Reporter => ({
    ...{ policy, run: run(options), report, language: shared.language(view.tags()) },
  });
  /** At the end of a run. If the run creates nothing, findings are only shown. */
  const finalReporter = (options: Options, report: ReportViolation): Reporter => {
    if (!view.isOfProgram()) return reporter(options, shownOnly(report));
    const covered = shared.covered(view.stack());
    return {
      ...reporter(options, report),
      ...(view.isMandatory(name, enforcementLevel === "mandatory") && { cover: (urn) => covered.add(urn) }),
      ...(isWaiting() && { isCovered: (urn) => covered.has(urn) }),
    };
  };
  const isWaiting = (): boolean => "yields" in policy && policy.yields && view.isPreview();
  /** Findings of a preview that a stack's finding may cover. */
  const waiting: Evaluated[] = [];
  const evaluated = (all: readonly Resource[], options: Options): Evaluated => {
    const resources = all.filter(({ type }) => policy.reads(type));
    const findings =
      "evaluateStack" in policy
        ? policy.evaluateStack(resources, options)
        : resources.flatMap((resource) => policy.evaluateResource(resource, options));
    return { resources, findings };
  };
  const validateStack: StackValidationPolicy["validateStack"] = (args, report) => {
    const options = args.getConfig<Options>();
    // A resource without inputs is evaluated at the end, by its outputs; each resource is evaluated once.
    const all = ("evaluateStack" in policy ? shared.ofStack : shared.ofLate)(view.stack());
    const atEnd = [...waiting.splice(0), evaluated(all, options)];
    reportFindings(
      finalReporter(options, report),
      atEnd.flatMap(({ resources }) => resources),
      atEnd.flatMap(({ findings }) => findings),
    );
    if (!view.isOfProgram()) return;
    reportConfigurationIssues(shared.configurationIssues(view.configuration()).splice(0), report);
    reportExemptionIssues(policy, run(options), view.urnStart(), report);
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
      const { resources, findings } = evaluated(shared.ofResource(resource), options);
      if (isWaiting()) waiting.push({ resources, findings });
      else reportFindings(reporter(options, report), resources, findings);
    },
    ...(remediate && {
      remediateResource: (args) => {
        if (!policy.reads(args.type) || Object.keys(args.props).length === 0) return;
        const { exemptions } = run(args.getConfig<Options>());
        const isExempt = exemptionFor(exemptions, args.urn, today())?.holds === true;
        return !isExempt && remediate(args.props, providerOf(args)) ? args.props : undefined;
      },
    }),
  };
}

function providerOf({ provider }: ResourceValidationArgs): Provider | undefined {
  return provider && { urn: provider.urn, read: (key) => own(provider.props, key) };
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
