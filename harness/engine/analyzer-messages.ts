/** The analyzer protocol's messages, made from and turned into plain objects. */
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { decode, encode } from "./values";
import type { Props } from "./values";

/** A resource as a policy pack is shown it. */
export interface Resource {
  type: string;
  urn: string;
  name: string;
  props: Props;
  parent?: string;
  provider?: { type: string; urn: string; name: string; props: Props };
  dependencies?: string[];
  /** For each input, the URNs of the resources whose outputs it was made from. */
  propertyDependencies?: Record<string, string[]>;
  options?: {
    protect?: boolean;
    ignoreChanges?: string[];
    aliases?: string[];
    additionalSecretOutputs?: string[];
  };
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
const SEVERITIES = ["", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

const LEVEL_NUMBERS: Record<Level, proto.EnforcementLevel> = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
  remediate: proto.EnforcementLevel.REMEDIATE,
};

/** The number of a level in the protocol. */
export function levelNumber(level: Level): proto.EnforcementLevel {
  return LEVEL_NUMBERS[level];
}

/** One thing that a policy has to say. */
export interface Diagnostic {
  policy: string;
  level: Level;
  /** As the pack gives it. The engine reads an empty one as the resource that was analyzed. */
  urn: string;
  message: string;
  severity: (typeof SEVERITIES)[number];
}

/** How one policy changes a resource. */
export interface Remedy {
  policy: string;
  props: Props;
  diagnostic: string;
}

export interface PolicyDescription {
  name: string;
  displayName: string;
  description: string;
  level: Level;
  severity: (typeof SEVERITIES)[number];
  type: "unknown" | "resource" | "stack";
  framework?: { name: string; version: string; reference: string; specification: string };
  tags: string[];
  remediationSteps: string;
  url: string;
  configSchema?: { properties: Props; required: string[] };
}

export interface PackInfo {
  name: string;
  displayName: string;
  description: string;
  readme: string;
  provider: string;
  tags: string[];
  repository: string;
  version: string;
  supportsConfig: boolean;
  policies: PolicyDescription[];
}

/** The level of that number in the protocol. */
export function levelOf(number: number): Level {
  const level = LEVELS[number];
  if (level === undefined) throw new Error(`unknown enforcement level ${number}`);
  return level;
}

function severityOf(number: number): (typeof SEVERITIES)[number] {
  const severity = SEVERITIES[number];
  if (severity === undefined) throw new Error(`unknown severity ${number}`);
  return severity;
}

function options({ options, parent }: Resource): proto.AnalyzerResourceOptions {
  const message = new proto.AnalyzerResourceOptions();
  message.setProtect(options?.protect ?? false);
  message.setIgnorechangesList(options?.ignoreChanges ?? []);
  message.setAliasesList(options?.aliases ?? []);
  message.setAdditionalsecretoutputsList(options?.additionalSecretOutputs ?? []);
  message.setParent(parent ?? "");
  message.setCustomtimeouts(new proto.AnalyzerResourceOptions.CustomTimeouts());
  return message;
}

function provider({ provider }: Resource): proto.AnalyzerProviderResource | undefined {
  if (!provider) return undefined;
  const message = new proto.AnalyzerProviderResource();
  message.setType(provider.type);
  message.setUrn(provider.urn);
  message.setName(provider.name);
  message.setProperties(encode(provider.props));
  return message;
}

/** The message with what the engine tells of a resource in either of them. */
function told<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  resource: Resource,
): Message {
  message.setType(resource.type);
  message.setUrn(resource.urn);
  message.setName(resource.name);
  message.setProperties(encode(resource.props));
  message.setOptions(options(resource));
  message.setProvider(provider(resource));
  return message;
}

/** The request of Analyze and Remediate. */
export function analyzeRequest(resource: Resource): proto.AnalyzeRequest {
  return told(new proto.AnalyzeRequest(), resource);
}

function stackResource(resource: Resource): proto.AnalyzerResource {
  const message = told(new proto.AnalyzerResource(), resource);
  message.setParent(resource.parent ?? "");
  message.setDependenciesList(resource.dependencies ?? []);
  for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

export function analyzeStackRequest(resources: Resource[]): proto.AnalyzeStackRequest {
  const message = new proto.AnalyzeStackRequest();
  message.setResourcesList(resources.map(stackResource));
  return message;
}

export function handshake(engineAddress: string, folder: string): proto.AnalyzerHandshakeRequest {
  const message = new proto.AnalyzerHandshakeRequest();
  message.setEngineAddress(engineAddress);
  message.setRootDirectory(folder);
  message.setProgramDirectory(folder);
  return message;
}

export function stackConfiguration(stack: {
  project?: string;
  stack?: string;
  organization?: string;
  dryRun?: boolean;
  tags?: Record<string, string>;
}): proto.AnalyzerStackConfigureRequest {
  const message = new proto.AnalyzerStackConfigureRequest();
  message.setProject(stack.project ?? "project");
  message.setStack(stack.stack ?? "dev");
  message.setOrganization(stack.organization ?? "organization");
  message.setDryRun(stack.dryRun ?? true);
  for (const [name, value] of Object.entries(stack.tags ?? {})) message.getTagsMap().set(name, value);
  return message;
}

export function diagnostics(response: proto.AnalyzeResponse): Diagnostic[] {
  return response.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levelOf(diagnostic.getEnforcementlevel()),
    urn: diagnostic.getUrn(),
    message: diagnostic.getMessage(),
    severity: severityOf(diagnostic.getSeverity()),
  }));
}

export function remedies(response: proto.RemediateResponse): Remedy[] {
  return response.getRemediationsList().map((remedy) => ({
    policy: remedy.getPolicyname(),
    props: decode(remedy.getProperties()),
    diagnostic: remedy.getDiagnostic(),
  }));
}

function policyDescription(policy: proto.PolicyInfo): PolicyDescription {
  const framework = policy.getFramework();
  const schema = policy.getConfigschema();
  return {
    name: policy.getName(),
    displayName: policy.getDisplayname(),
    description: policy.getDescription(),
    level: levelOf(policy.getEnforcementlevel()),
    severity: severityOf(policy.getSeverity()),
    type: (["unknown", "resource", "stack"] as const)[policy.getPolicyType()],
    ...(framework && {
      framework: {
        name: framework.getName(),
        version: framework.getVersion(),
        reference: framework.getReference(),
        specification: framework.getSpecification(),
      },
    }),
    tags: policy.getTagsList(),
    remediationSteps: policy.getRemediationSteps(),
    url: policy.getUrl(),
    ...(schema && {
      configSchema: { properties: decode(schema.getProperties()), required: schema.getRequiredList() },
    }),
  };
}

export function packInfo(info: proto.AnalyzerInfo): PackInfo {
  return {
    name: info.getName(),
    displayName: info.getDisplayname(),
    description: info.getDescription(),
    readme: info.getReadme(),
    provider: info.getProvider(),
    tags: info.getTagsList(),
    repository: info.getRepository(),
    version: info.getVersion(),
    supportsConfig: info.getSupportsconfig(),
    policies: info.getPoliciesList().map(policyDescription),
  };
}
