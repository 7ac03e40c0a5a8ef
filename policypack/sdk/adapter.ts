import type {
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isLate, type Provider, type Resource } from "../engine/resource";
import type { Configuration, EngineView } from "../engine/view";
import { exemptionFor } from "../exemptions/match";
import { metas } from "../policies/meta";
import { isRoad, roads } from "../roads";
import { own } from "../shared/remediation";
import { configSchema } from "./configuration";
import type { Finding } from "../findings/finding";
import type { PackPolicy, Options } from "./definition";
import { newRun, publish, remark, remarkOnNames, shownOnly, type Press, type Run } from "./report";
import { today } from "../shared/days";

const NAMES = metas.map(({ name }) => name);

/** The policy as the SDK takes it. */
export function toSdk(
  policy: PackPolicy,
  view: EngineView,
): StackValidationPolicy | (ResourceValidationPolicy & StackValidationPolicy) {
  const { name, displayName, description, severity, framework, tags, remediationSteps, url } = policy;
  const enforcementLevel = policy.level ?? "mandatory";
  const metadata = {
    ...{ name, displayName, description, severity, framework, tags, remediationSteps, url, enforcementLevel },
    configSchema: configSchema(policy),
  };
  let current: { configuration: Configuration; run: Run } | undefined;
  const run = (options: Options): Run => {
    const configuration = view.configuration();
    if (current?.configuration !== configuration)
      current = { configuration, run: newRun(policy, options, configuration) };
    return current.run;
  };
  const remarks = (options: Options, report: ReportViolation): void => {
    if (!view.isOfProgram()) return;
    remarkOnNames(view.configuration(), NAMES, report);
    remark(policy, run(options), view.urnStart(), report);
  };
  const language = (urn: string): ReturnType<EngineView["language"]> => view.language(urn);
  const press = (options: Options, report: ReportViolation): Press => ({
    ...{ policy, run: run(options), report, language },
    ...(view.isMandatory(name, enforcementLevel === "mandatory") && {
      cover: (urn) => view.covered().add(urn),
    }),
  });
  /** At the end of a run. One that makes nothing of the program's covers nothing: its findings fail nothing. */
  const lastPress = (options: Options, report: ReportViolation): Press =>
    view.isOfProgram()
      ? press(options, report)
      : { policy, run: run(options), report: shownOnly(report), language };
  if ("evaluateStack" in policy) {
    return {
      ...metadata,
      validateStack: (args, report) => {
        const options = args.getConfig<Options>();
        const resources = roads(view.stack()).filter(({ type }) => policy.reads(type));
        publish(lastPress(options, report), resources, policy.evaluateStack(resources, options));
        remarks(options, report);
      },
    };
  }
  const { remediate, yields = false } = policy;
  /** What a preview found before its end, which says whether another finding covers it. */
  const waiting: { resources: readonly Resource[]; findings: readonly Finding[] }[] = [];
  // A resource without inputs is evaluated at the end, by its outputs; each resource is evaluated once.
  return {
    ...metadata,
    validateStack: (args, report) => {
      const options = args.getConfig<Options>();
      const bare = view.stack().filter(isLate);
      const resources = roads(bare).filter(({ type }) => policy.reads(type));
      const late = {
        resources,
        findings: resources.flatMap((each) => policy.evaluateResource(each, options)),
      };
      const all = [...waiting.splice(0), late];
      publish(
        {
          ...lastPress(options, report),
          ...(yields && view.isPreview() && { isCovered: (urn) => view.covered().has(urn) }),
        },
        all.flatMap((each) => each.resources),
        all.flatMap((each) => each.findings),
      );
      remarks(options, report);
    },
    validateResource: (args, report) => {
      if (!policy.reads(args.type) && !isRoad(args.type)) notApplicable(args);
      const options = args.getConfig<Options>();
      const resource = view.resource(args.urn);
      if (isLate(resource)) return;
      const resources = roads([resource]).filter(({ type }) => policy.reads(type));
      const findings = resources.flatMap((each) => policy.evaluateResource(each, options));
      if (yields && view.isPreview()) waiting.push({ resources, findings });
      else publish(press(options, report), resources, findings);
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

/** The SDK tells it by throwing, for most resources and policies. The stack trace, which nobody reads, is what that costs. */
function notApplicable(args: ResourceValidationArgs): never {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return args.notApplicable();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
