import type { EnforcementLevel, Policy, PolicyConfigSchema } from "@pulumi/policy";
import type { Provider, Resource } from "../engine/resource";
import type { Finding } from "../findings/finding";

type OptionSchema = PolicyConfigSchema["properties"][string];

/** The options that a policy has of its own, as the pack's configuration gives them. */
export type Options = Readonly<Record<string, unknown>>;

type SdkMetadata = Required<
  Pick<Policy, "name" | "displayName" | "description" | "severity" | "framework" | "tags" | "remediationSteps" | "url">
>;

/** A standard, and the requirements of it that a policy answers. */
export type Framework = Readonly<Record<"name" | "version", string> & { references: readonly string[] }>;

/** A policy's metadata, in the SDK's fields. It needs neither the rule nor the SDK to be loaded. */
export interface Meta extends SdkMetadata {
  /** Evaluates each resource by itself, before it is created, or the stack, at the end of a preview or an update. */
  readonly evaluates: "resource" | "stack";
  /** The SDK's `framework` and all others. */
  readonly frameworks: readonly Framework[];
  /** The enforcement level that the policy has where no configuration gives it one: mandatory if left out. */
  readonly level?: EnforcementLevel;
  /** How the lines on exemptions begin: "If it must be public" if left out. */
  readonly exemptIf?: string;
  /** The policy's own options, besides those that all policies have. */
  readonly options?: Readonly<Record<string, OptionSchema>>;
}

interface Definition extends Meta {
  readonly reads: (type: string) => boolean;
}

/** Evaluates the stack as a whole, at the end of a preview or an update. */
export interface StackPolicy extends Definition {
  readonly evaluates: "stack";
  readonly evaluateStack: (resources: readonly Resource[], options: Options) => Finding[];
}

/** Evaluates a resource by itself, before it is made. */
export interface ResourcePolicy extends Definition {
  readonly evaluates: "resource";
  readonly evaluateResource: (resource: Resource, options: Options) => Finding[];
  /**
   * In a preview, stay silent about resources that a failing stack finding already covers: one fault is one finding. An update has to be stopped before the resource is made, and knows of no other finding yet.
   */
  readonly yields?: boolean;
  /**
   * Fixes the inputs, for the enforcement level `remediate`, and returns whether there was anything to fix. They are the
   * SDK's: secrets and unknowns stay what they are, and reading one that is unknown throws.
   */
  readonly remediate?: (props: Record<string, unknown>, provider: Provider | undefined) => boolean;
}

export type PackPolicy = StackPolicy | ResourcePolicy;
