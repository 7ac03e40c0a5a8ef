import type { AnalyzerProviderResource, AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isOfAws } from "../aws/types";
import { firstKnown, hasUnknown, type Read } from "../lib/values";
import { plainStruct, reader, secrecy } from "./wire";

export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** A property: the output, and where the outputs lack it the input that the program gave. */
  readonly read: Read;
  /** A property as the program gave it. */
  readonly input: Read;
  /** Whether a property is a secret, or has one inside. It is read like any other; a message mustn't quote it. */
  readonly isSecret: (key: string) => boolean;
  /** The URNs of the resources that a property's value comes from, whether they are in the stack or only read. */
  readonly references: (key: string) => readonly string[];
  readonly provider: Provider | undefined;
  /** False where there are no outputs, since the provider can't be asked at preview. */
  readonly hasOutputs: boolean;
  /** False where Analyze had no inputs, or didn't come: for a view in a Terraform module it never does. */
  readonly hasInputs: boolean;
  /**
   * True where Analyze came without inputs, as from `pulumi policy analyze` where a state has only outputs: only
   * AnalyzeStack is left to evaluate by.
   */
  readonly isWithoutInputs: boolean;
  /** The properties that keep their old values, whatever the program says now. */
  readonly ignoreChanges: readonly string[];
  /** False for a new resource that `--target` leaves out of this run: the program has it, the stack won't. */
  readonly inThisRun: boolean;
  /** URN of the enclosing resource, the only one the engine knows. */
  readonly on?: string;
  /** For what is inside of a template: whether that is YAML, and not JSON. Fixes are in its language. */
  readonly isYaml?: boolean;
  /** The URN of the component that it is in. Only AnalyzeStack has it. */
  readonly parent?: string;
}

/**
 * Whether it is evaluated only at the end, when all of the stack is known: by its outputs, or not at all if it turns out to
 * be a component.
 */
export function isLate({ isWithoutInputs, type, provider }: Resource): boolean {
  return isWithoutInputs || (provider === undefined && isOfAws(type));
}

/** A provider's instance: equal URNs mean the same credentials and configuration. */
export interface Provider {
  readonly urn: string;
  readonly read: Read;
}

/** A resource from Analyze, before it is made: its inputs, without where they come from. */
export function fromInputs(message: AnalyzeRequest): Resource {
  const [common, hasInputs] = [commonOf(message), hasAny(message.getProperties())];
  const mayHaveInputs = hasInputs || hasUnknownConfiguration(message.getProvider());
  return {
    ...common,
    input: common.read,
    references: () => [],
    hasOutputs: false,
    hasInputs,
    isWithoutInputs: !mayHaveInputs,
    inThisRun: mayHaveInputs || common.provider === undefined,
  };
}

/** A resource from AnalyzeStack: its outputs. `inputs` is the same resource as Analyze saw it, if it did. */
export function fromOutputs(message: AnalyzerResource, inputs: Resource | undefined): Resource {
  const [common, hasOutputs] = [commonOf(message), hasAny(message.getProperties())];
  const input = inputs?.read ?? (() => undefined);
  const references = message.getPropertydependenciesMap();
  const mayBeMade = (): boolean => common.provider === undefined || hasUnknownConfiguration(message.getProvider());
  return {
    ...common,
    read: firstKnown(common.read, input),
    input,
    isSecret: (key) => common.isSecret(key) || (inputs?.isSecret(key) ?? false),
    references: (key) => references.get(key)?.getUrnsList() ?? [],
    hasOutputs,
    hasInputs: inputs?.hasInputs ?? false,
    isWithoutInputs: inputs?.isWithoutInputs ?? false,
    ...(message.getParent() !== "" && { parent: message.getParent() }),
    inThisRun: hasOutputs || (inputs?.inThisRun ?? mayBeMade()),
  };
}

function commonOf(message: AnalyzeRequest | AnalyzerResource) {
  const [properties, provider] = [message.getProperties(), message.getProvider()];
  return {
    urn: message.getUrn(),
    type: message.getType(),
    read: reader(properties),
    isSecret: secrecy(properties),
    provider: provider && { urn: provider.getUrn(), read: reader(provider.getProperties()) },
    ignoreChanges: message.getOptions()?.getIgnorechangesList() ?? [],
  };
}

function hasAny(properties: Struct | undefined): boolean {
  return (properties?.getFieldsMap().getLength() ?? 0) > 0;
}

/**
 * A new resource that `--target` leaves out has neither outputs nor inputs. Nor may a new bucket whose provider has an unknown
 * configuration value at preview, so that the provider can't be asked; the provider's configuration shows which it is.
 */
function hasUnknownConfiguration(provider: AnalyzerProviderResource | undefined): boolean {
  return hasUnknown(plainStruct(provider?.getProperties()));
}
