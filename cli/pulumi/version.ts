/** What depends on the version of the Pulumi CLI. It is asked for only when there is no verdict: an answer takes as long as half a pack. */
import { ask, textOf } from "./cli";

/** The first version, major and minor, that has something. */
type First = readonly [major: number, minor: number];

/**
 * An event about the stack as a whole from each policy pack. Pulumi's pkg/engine/events.go has it since 3.196, and
 * pkg/resource/deploy/step_generator.go sends it since 3.197.
 */
const STACK_SUMMARIES: First = [3, 197];
/** An executable file as a policy pack; older ones take folders only (docs/performance.md). */
const EXECUTABLES: First = [3, 255];
/** A configuration file of version 2, which may hold exceptions (Pulumi's pkg/resource/analyzer/config.go). */
const VERSIONED_CONFIGURATIONS: First = [3, 274];

let version: Promise<string> | undefined;

/** The output of `pulumi version`; empty where there is no CLI, since the preview itself says so. */
export function cliVersion(): Promise<string> {
  version ??= ask(["version"], { limitMs: 10_000 }).then(textOf, () => "");
  return version;
}

/** Whether that version, as the CLI prints it, is older than this one; no for one that can't be read. */
function isOlder(version: string, [firstMajor, firstMinor]: First): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d/.exec(version.trim()) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) === firstMajor ? Number(minor) < firstMinor : Number(major) < firstMajor;
}

/** Whether a CLI of that version takes no executable file as a policy pack. */
export function takesFoldersOnly(version: string): boolean {
  return isOlder(version, EXECUTABLES);
}

/**
 * Why there is no verdict with a CLI of that version, if its age is the reason.
 * @param versioned the configuration files of version 2 that the CLI was given
 */
export function tooOld(version: string, versioned: readonly string[]): string[] {
  const lacks = (first: First, what: string, verb: string): string[] =>
    isOlder(version, first)
      ? [`the Pulumi CLI is ${version.trim()}, which ${what}: ${first.join(".")}.0 or newer ${verb}`]
      : [];
  return [
    ...lacks(STACK_SUMMARIES, "doesn't report which policy packs evaluated the stack", "does"),
    ...versioned.flatMap((file) =>
      lacks(VERSIONED_CONFIGURATIONS, `can't read ${file}, a configuration of version 2`, "can"),
    ),
  ];
}
