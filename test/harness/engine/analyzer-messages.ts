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
  options?: { ignoreChanges?: string[] };
}

const LEVELS = ["advisory", "mandatory", "disabled", "remediate"] as const;
const SEVERITIES = ["", "low", "medium", "high", "critical"] as const;
const TYPES = ["unknown", "resource", "stack"] as const;
export type Level = (typeof LEVELS)[number];

/** The name of a number in the protocol. */
function named<Name>(names: readonly Name[], number: number): Name {
  const name = names[number];
  if (name === undefined) throw new Error(`${number} is none of ${names.join(", ")}`);
  return name;
}

/** The message with the parts that the requests about a resource and about a stack have in common. */
function described<Message extends proto.AnalyzeRequest | proto.AnalyzerResource>(
  message: Message,
  { type, urn, name, props, options = {}, parent = "", provider }: Resource,
): Message {
  const settings = new proto.AnalyzerResourceOptions()
    .setIgnorechangesList(options.ignoreChanges ?? [])
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

/** The stack of a program of Node.js that a pack is configured for. */
export interface StackOptions {
  project?: string;
  stack?: string;
  /** Whether it is a preview: true unless given. */
  dryRun?: boolean;
}

export function stackConfiguration(given: StackOptions): proto.AnalyzerStackConfigureRequest {
  const message = new proto.AnalyzerStackConfigureRequest()
    .setProject(given.project ?? "project")
    .setStack(given.stack ?? "dev")
    .setOrganization("organization")
    .setDryRun(given.dryRun ?? true);
  message.getTagsMap().set("pulumi:runtime", "nodejs").set("team", "web");
  return message;
}

/** One policy's configuration. */
export interface PolicyConfiguration {
  level?: Level;
  props?: Props;
}

/** The default values in a policy's configuration schema. */
function defaultProps(policy: proto.PolicyInfo | undefined): Props {
  const schema = decode(policy?.getConfigschema()?.getProperties());
  const defaults = Object.entries(schema).map(([name, property]) => [name, (property as Props).default] as const);
  return Object.fromEntries(defaults.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * The request that configures a pack, put together as the engine does it (pkg/resource/analyzer/config.go in the Pulumi
 * repository): its policies' defaults, and the configurations given; that of "all" gives a level to policies without one.
 * @throws Error for the configuration of a policy that the pack doesn't have and that gives it no level.
 */
export function configureRequest(
  info: proto.AnalyzerInfo,
  given: Readonly<Record<string, PolicyConfiguration>>,
): proto.ConfigureAnalyzerRequest {
  const request = new proto.ConfigureAnalyzerRequest();
  const policies = new Map(info.getPoliciesList().map((policy) => [policy.getName(), policy]));
  for (const name of new Set([...policies.keys(), ...Object.keys(given)])) {
    const policy = policies.get(name);
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const level = own?.level ?? (policy && (given.all?.level ?? named(LEVELS, policy.getEnforcementlevel())));
    if (level === undefined) throw new Error(`invalid enforcement level "" for ${name}`);
    const configured = new proto.PolicyConfig()
      .setEnforcementlevel(proto.EnforcementLevel[level.toUpperCase() as Uppercase<Level>])
      .setProperties(encode({ ...defaultProps(policy), ...own?.props }));
    request.getPolicyconfigMap().set(name, configured);
  }
  return request;
}

/** Everything that policies have to say; the engine reads an empty URN as the resource that was analyzed. */
export const diagnostics = (response: proto.AnalyzeResponse) =>
  response
    .getDiagnosticsList()
    .map((diagnostic) => ({
      policy: diagnostic.getPolicyname(),
      level: named(LEVELS, diagnostic.getEnforcementlevel()),
      urn: diagnostic.getUrn(),
      message: diagnostic.getMessage().trimEnd(),
      severity: named(SEVERITIES, diagnostic.getSeverity()),
    }));
export type Diagnostic = ReturnType<typeof diagnostics>[number];

/** How policies change a resource. */
export const remedies = (response: proto.RemediateResponse) =>
  response
    .getRemediationsList()
    .map((remedy) => ({
      policy: remedy.getPolicyname(),
      props: decode(remedy.getProperties()),
      diagnostic: remedy.getDiagnostic(),
    }));
export type Remedy = ReturnType<typeof remedies>[number];

function policyDescription(policy: proto.PolicyInfo) {
  const schema = policy.getConfigschema();
  return {
    name: policy.getName(),
    displayName: policy.getDisplayname(),
    description: policy.getDescription(),
    level: named(LEVELS, policy.getEnforcementlevel()),
    severity: named(SEVERITIES, policy.getSeverity()),
    type: named(TYPES, policy.getPolicyType()),
    framework: policy.getFramework()?.toObject(),
    tags: policy.getTagsList(),
    url: policy.getUrl(),
    configSchema: schema && { properties: decode(schema.getProperties()), required: schema.getRequiredList() },
  };
}

export const packInfo = (info: proto.AnalyzerInfo) => ({
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
});
export type PackInfo = ReturnType<typeof packInfo>;
