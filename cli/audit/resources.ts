import type { Json } from "../gate/output";
import { firstKnown, type Provider, type Resource, UNKNOWN } from "../../policypack/face";
import type { StateResource } from "./state";
import { isTold, plainValue, reader, secrecy } from "./values";

/*
 * The third source of the plain resource that the policies evaluate: a state, beside what the engine tells before a resource is
 * made and at the end. It is told as `pulumi policy analyze --file` tells the pack of it, by AnalyzeSnapshot in Pulumi's
 * pkg/resource/deploy/analyze_snapshot.go, but for two things. A state knows which resources the program only reads. A preview
 * doesn't evaluate those, nor does it take one of them for a lock, so they are left out. And what is said to have neither inputs nor
 * outputs is evaluated: `policy analyze` takes it for one that `--target` leaves out.
 */

/** What a resource is read from: one of a state, or of a preview's steps. */
export type Stated = Pick<
  StateResource,
  "urn" | "type" | "inputs" | "outputs" | "provider" | "parent" | "ignoreChanges" | "references"
>;

/** A resource as a policy sees it that evaluates one by itself, from its inputs, and one that evaluates the stack. */
export interface Told<Origin extends Stated = StateResource> {
  readonly planned: Resource;
  readonly stored: Resource;
  readonly state: Origin;
}

/** The resources that the program manages, of the types that any policy reads. */
export function tell(resources: readonly StateResource[], isRelevant: (type: string) => boolean): Told[] {
  const providers = providersIn(resources);
  return resources
    .filter((each) => isRelevant(each.type) && isManaged(each) && !each.isComponent)
    .map((resource) => told(resource, providers));
}

/** Whether the program manages the resource, and it is there. */
export function isManaged(resource: StateResource): boolean {
  return !resource.delete && !resource.external && !resource.pendingReplacement;
}

export interface OpenProvider extends Provider {
  /** Whether some of its configuration isn't known, so that it could be asked nothing. */
  readonly isOpen: boolean;
}

export function told<Origin extends Stated>(
  resource: Origin,
  providers: ReadonlyMap<string, OpenProvider>,
): Told<Origin> {
  const { urn, type, inputs, outputs, ignoreChanges } = resource;
  const provider = providerOf(resource, providers);
  const input = reader(inputs);
  const isGiven = isTold(inputs);
  const isWithoutInputs = !isGiven && !(provider?.isOpen ?? false);
  const isSecretInput = secrecy(inputs);
  const isSecretOutput = secrecy(outputs);
  const hasOutputs = isTold(outputs);
  // Written out: a spread of what they have in common takes a fifth of the whole audit.
  const planned: Resource = {
    urn,
    type,
    input,
    provider,
    ignoreChanges,
    isWithoutInputs,
    read: input,
    isSecret: isSecretInput,
    references: () => [],
    hasOutputs: false,
    hasInputs: isGiven,
    inThisRun: true, // A state has no resource that `--target` left out.
  };
  const stored: Resource & { parent?: string } = {
    urn,
    type,
    input,
    provider,
    ignoreChanges,
    isWithoutInputs,
    read: firstKnown(reader(outputs), input),
    isSecret: (key) => isSecretOutput(key) || isSecretInput(key),
    references: (key) => resource.references(key),
    hasOutputs,
    hasInputs: isGiven,
    inThisRun: true,
  };
  const { parent } = resource;
  if (parent !== undefined) stored.parent = parent;
  return { planned, stored, state: resource };
}

export function providersIn(resources: readonly Stated[]): Map<string, OpenProvider> {
  const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
  return new Map(providers.map((each) => [each.urn, openProvider(each)]));
}

function openProvider({ urn, inputs }: Stated): OpenProvider {
  return { urn, read: reader(inputs), isOpen: hasUnknown(plainValue(withoutInternals(inputs))) };
}

function withoutInternals(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

function hasUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(hasUnknown);
}

/** The reference is the URN, which may have `::` in its name, and after the last of them the ID. */
function providerOf({ provider }: Stated, providers: ReadonlyMap<string, OpenProvider>): OpenProvider | undefined {
  const end = provider.lastIndexOf("::");
  return end === -1 ? undefined : providers.get(provider.slice(0, end));
}
