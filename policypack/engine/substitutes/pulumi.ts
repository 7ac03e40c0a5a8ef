/*
 * The parts of `@pulumi/pulumi` that the policy SDK uses. All of it takes several times as long to load as the rest. The build
 * puts this module in its place, and compares the two (scripts/build.mjs).
 */
import { isInstance } from "@pulumi/pulumi/utils";

declare module "@pulumi/pulumi/utils" {
  /** It is left out of the package's types. */
  function isInstance(value: unknown, mark: string): boolean;
}

export * as asset from "@pulumi/pulumi/asset";

export const Output = { isInstance: (value: unknown): boolean => isInstance(value, "__pulumiOutput") };
