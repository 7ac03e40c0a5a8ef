import type { Provider } from "../engine/resource";

/**
 * Whether a provider knows `skipDestroy` of a bucket's public access block. A program that gives an argument which its
 * provider doesn't know fails to compile or to preview, so it is used only if the version is known.
 *
 * Source: the type declarations of @pulumi/aws. 7.2.0 has `skipDestroy` in BucketPublicAccessBlockArgs, 6.83.4 has not;
 * AccountPublicAccessBlockArgs has none up to 7.48.0.
 */
export function knowsSkipDestroy(provider: Provider | undefined): boolean {
  const [major = 0, minor = 0] = provider === undefined ? [] : versionOf(provider);
  return major > 7 || (major === 7 && minor >= 2);
}

/** Major and minor version: a property of the provider, or a part of the name that the engine gives a default provider. */
function versionOf({ urn, read }: Provider): number[] {
  const version = read("version");
  const found =
    typeof version === "string" && version !== ""
      ? /^v?(\d+)\.(\d+)\./.exec(version)
      : /::default_(\d+)_(\d+)_\d+/.exec(urn);
  return (found ?? []).slice(1).map(Number);
}
