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
  options?: { protect?: boolean; ignoreChanges?: string[]; aliases?: string[]; additionalSecretOutputs?: string[] };
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
const SEVERITIES = ["", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** The number of a level in the protocol. */
export const levelNumber = (level: Level): proto.EnforcementLevel =>
  proto.EnforcementLevel[level.toUpperCase() as Uppercase<Level>];

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

/** The message with the parts that the requests about a resource and about a stack have in common. */
function described<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  { type, urn, name, props, options = {}, parent = "", provider }: Resource,
): Message {
  const settings = new proto.AnalyzerResourceOptions()
    .setProtect(options.protect ?? false)
    .setIgnorechangesList(options.ignoreChanges ?? [])
    .setAliasesList(options.aliases ?? [])
    .setAdditionalsecretoutputsList(options.additionalSecretOutputs ?? [])
    .setParent(parent)
    .setCustomtimeouts(new proto.AnalyzerResourceOptions.CustomTimeouts());
  message.setType(type).setUrn(urn).setName(name).setProperties(encode(props)).setOptions(settings);
  if (provider === undefined) return message;
  const by = new proto.AnalyzerProviderResource().setType(provider.type).setUrn(provider.urn);
  message.setProvider(by.setName(provider.name).setProperties(encode(provider.props)));
  return message;
}

/** The request of Analyze and Remediate. */
export const analyzeRequest = (resource: Resource): proto.AnalyzeRequest =>
  described(new proto.AnalyzeRequest(), resource);

function stackResource(resource: Resource): proto.AnalyzerResource {
  const message = described(new proto.AnalyzerResource(), resource)
    .setParent(resource.parent ?? "")
    .setDependenciesList(resource.dependencies ?? []);
  for (const [property, urns] of Object.entries(resource.propertyDependencies ?? {})) {
    const dependencies = new proto.AnalyzerPropertyDependencies().setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, dependencies);
  }
  return message;
}

export const analyzeStackRequest = (resources: Resource[]): proto.AnalyzeStackRequest =>
  new proto.AnalyzeStackRequest().setResourcesList(resources.map(stackResource));

export const handshake = (engineAddress: string, folder: string): proto.AnalyzerHandshakeRequest =>
  new proto.AnalyzerHandshakeRequest()
    .setEngineAddress(engineAddress)
    .setRootDirectory(folder)
    .setProgramDirectory(folder);

/** The stack that a pack is configured for: by default a preview of a program of Node.js. */
export interface StackOptions {
  project?: string;
  stack?: string;
  organization?: string;
  /** Whether it is a preview. */
  dryRun?: boolean;
  tags?: Record<string, string>;
}

export function stackConfiguration(given: StackOptions): proto.AnalyzerStackConfigureRequest {
  const message = new proto.AnalyzerStackConfigureRequest()
    .setProject(given.project ?? "project")
    .setStack(given.stack ?? "dev")
    .setOrganization(given.organization ?? "organization")
    .setDryRun(given.dryRun ?? true);
  for (const [name, value] of Object.entries(given.tags ?? { "pulumi:runtime": "nodejs" }))
    message.getTagsMap().set(name, value);
  return message;
}

export function diagnostics(response: proto.AnalyzeResponse): Diagnostic[] {
  return response
    .getDiagnosticsList()
    .map((diagnostic) => ({
      policy: diagnostic.getPolicyname(),
      level: levelOf(diagnostic.getEnforcementlevel()),
      urn: diagnostic.getUrn(),
      message: diagnostic.getMessage().trimEnd(),
      severity: severityOf(diagnostic.getSeverity()),
    }));
}

export function remedies(response: proto.RemediateResponse): Remedy[] {
  return response
    .getRemediationsList()
    .map((remedy) => ({
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
    ...(schema && { configSchema: { properties: decode(schema.getProperties()), required: schema.getRequiredList() } }),
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
