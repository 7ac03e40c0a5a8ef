import type {
  EnforcementLevel,
  Policy,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { analyzedResource, analyzedStack } from "./engine/observe";
import type { Provider, Resource } from "./engine/resource";
import { own } from "./remediation";
import { entryFor, exemptionFor, readExemptions } from "./rules/exemptions";
import { exempt } from "./shared/kinds";

/** What a policy found wrong with one resource: what it is in the first line, then how to mend it. */
export interface Finding {
  readonly urn: string;
  readonly message: string;
  /** Something that can't be told yet, and that is watched elsewhere: shown, and never a reason to fail. */
  readonly isNote?: boolean;
}

type SettingSchema = PolicyConfigSchema["properties"][string];

/** The settings that a policy has of its own, as the pack's configuration gives them. */
export type Settings = Readonly<Record<string, unknown>>;

type Metadata = Required<
  Pick<
    Policy,
    "name" | "displayName" | "description" | "severity" | "framework" | "tags" | "remediationSteps" | "url"
  >
>;

interface Definition extends Metadata {
  /** The enforcement level that the policy has where no configuration gives it one: mandatory if left out. */
  readonly level?: EnforcementLevel;
  /** How a message begins to tell of exemptions: "If it must be public" if left out. */
  readonly exemptIf?: string;
  /** The types of the resources that the policy needs to see. */
  readonly reads: (type: string) => boolean;
  /** The policy's own settings, beside `exemptions`. */
  readonly settings?: Readonly<Record<string, SettingSchema>>;
}

/** Judges the stack as a whole, at the end of a preview or an update. */
export interface StackPolicy extends Definition {
  readonly judgeStack: (resources: readonly Resource[], settings: Settings) => Finding[];
}

/** Judges a resource by itself, before it is made. */
export interface ResourcePolicy extends Definition {
  readonly judgeResource: (resource: Resource, settings: Settings) => Finding[];
  /**
   * Mends the inputs, for the enforcement level `remediate`, and tells whether there was anything to mend. They are the
   * SDK's: secrets and unknowns stay what they are, and reading one that is unknown throws.
   */
  readonly remediate?: (props: Record<string, unknown>, provider: Provider | undefined) => boolean;
}

export type PackPolicy = StackPolicy | ResourcePolicy;

/** The policy as the SDK takes it. */
export function toSdk(
  policy: PackPolicy,
): StackValidationPolicy | (ResourceValidationPolicy & StackValidationPolicy) {
  const { name, displayName, description, severity, framework, tags, remediationSteps, url } = policy;
  const enforcementLevel = policy.level ?? "mandatory";
  const metadata = {
    ...{ name, displayName, description, severity, framework, tags, remediationSteps, url, enforcementLevel },
    configSchema: { properties: { ...policy.settings, exemptions: EXEMPTIONS } },
  };
  if ("judgeStack" in policy) {
    return {
      ...metadata,
      validateStack: (args, report) => {
        const settings = args.getConfig<Settings>();
        const resources = analyzedStack().filter(({ type }) => policy.reads(type));
        publish(policy, settings, policy.judgeStack(resources, settings), report);
      },
    };
  }
  const { remediate } = policy;
  // A resource without inputs is judged at the end, by its outputs; each resource is judged once.
  return {
    ...metadata,
    validateStack: (args, report) => {
      const settings = args.getConfig<Settings>();
      const resources = analyzedStack().filter(
        ({ type, isWithoutInputs }) => isWithoutInputs && policy.reads(type),
      );
      if (resources.length === 0) return;
      publish(
        policy,
        settings,
        resources.flatMap((resource) => policy.judgeResource(resource, settings)),
        report,
      );
    },
    validateResource: (args, report) => {
      if (!policy.reads(args.type)) notApplicable(args);
      const settings = args.getConfig<Settings>();
      const resource = analyzedResource(args.urn);
      if (!resource.isWithoutInputs)
        publish(policy, settings, policy.judgeResource(resource, settings), report);
    },
    ...(remediate && {
      remediateResource: (args) => {
        if (!policy.reads(args.type) || Object.keys(args.props).length === 0) return;
        const { exemptions } = readExemptions(args.getConfig<Settings>().exemptions);
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

const EXEMPTIONS: SettingSchema = {
  type: "array",
  description:
    "Resources that may fail this policy, each for a reason. An exempt resource is shown as an advisory note.",
  items: {
    type: "object",
    properties: {
      urn: {
        type: "string",
        minLength: 1,
        description: "A URN; * stands for anything within a part, ** for anything.",
      },
      reason: { type: "string", minLength: 1, description: "Why the resource may be public." },
      expires: {
        type: "string",
        format: "date",
        description: "The last day of the exemption (UTC, YYYY-MM-DD).",
      },
    },
    required: ["urn", "reason"],
    additionalProperties: false,
  },
};

/** Reports the findings. A configuration with a mistake in it exempts nothing, and fails whatever the level is. */
function publish(policy: PackPolicy, settings: Settings, findings: Finding[], report: ReportViolation): void {
  const { exemptions, problems } = readExemptions(settings.exemptions);
  const known = [...Object.keys(policy.settings ?? {}), "exemptions"];
  for (const key of Object.keys(settings).filter((each) => !known.includes(each))) {
    problems.push(`${key}: unknown key; this policy has ${known.join(" and ")}`);
  }
  if (problems.length > 0) {
    const list = problems.map((problem) => `\n  ${problem}`).join("");
    violation(report, {
      message: `The configuration of ${policy.name} is not valid:${list}`,
      enforcementLevel: "mandatory",
    });
  }
  const reported = new Set<string>();
  for (const { urn, message, isNote } of findings) {
    if (reported.has(urn)) continue;
    reported.add(urn);
    const found = exemptionFor(exemptions, urn, today());
    if (isNote === true) {
      violation(report, { urn, message, enforcementLevel: "advisory" });
    } else if (found === undefined) {
      violation(report, { urn, message: `${message}\n${entryFor(policy.name, urn, policy.exemptIf)}` });
    } else if (found.holds) {
      const { reason, expires } = found.exemption;
      violation(report, {
        urn,
        message: exempt(reason, expires, firstLine(message)),
        enforcementLevel: "advisory",
      });
    } else {
      const { reason, expires } = found.exemption;
      violation(report, { urn, message: `${message}\nIts exemption ran out on ${expires ?? ""}: ${reason}` });
    }
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

/** The SDK's typed form puts the policy's description before each message and knows one enforcement level a policy. */
function violation(
  report: ReportViolation,
  violation: { message: string; urn?: string; enforcementLevel?: EnforcementLevel },
): void {
  (report as unknown as (violation: object) => void)(violation);
}
