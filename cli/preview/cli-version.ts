/** The version of the Pulumi CLI on the PATH, and what depends on it. */
import { spawnSync } from "node:child_process";
import { withoutRunner } from "./environment";

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

let printed: string | undefined;

/** What `pulumi version` prints, asked for once; nothing where there is no CLI, since the preview itself says so. */
export function cliVersion(): string {
  return (printed ??= ask());
}

function ask(): string {
  // Not the one of the preview: it would look for a newer CLI here, too.
  const env = { ...withoutRunner(process.env), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { stdout, error } = spawnSync("pulumi", ["version"], { env, encoding: "utf8", timeout: 10_000 });
  return error === undefined ? stdout : "";
}

/** Whether that version, as the CLI prints it, is this one or a newer one; undefined for one that can't be read. */
function isAtLeast(version: string, [firstMajor, firstMinor]: First): boolean | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d/.exec(version.trim()) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return Number(major) === firstMajor ? Number(minor) >= firstMinor : Number(major) > firstMajor;
}

/** Whether a CLI of that version takes an executable file as a policy pack. Of one that can't be read, no. */
export function takesExecutables(version: string): boolean {
  return isAtLeast(version, EXECUTABLES) ?? false;
}

/**
 * Why there is no verdict with a CLI of that version, if it is its age. Of one that can't be read, nothing is said.
 * @param versioned the configuration files of version 2 that the CLI was given
 */
export function tooOld(version: string, versioned: readonly string[]): string[] {
  const cli = `the Pulumi CLI is ${version.trim()}`;
  const from = ([major, minor]: First): string => `${String(major)}.${String(minor)}.0 or newer`;
  return [
    ...(isAtLeast(version, STACK_SUMMARIES) === false
      ? [`${cli}, which doesn't report which policy packs evaluated the stack: ${from(STACK_SUMMARIES)} does`]
      : []),
    ...(isAtLeast(version, VERSIONED_CONFIGURATIONS) === false
      ? versioned.map(
          (file) =>
            `${cli}, which can't read ${file}, a configuration of version 2: ${from(VERSIONED_CONFIGURATIONS)} can`,
        )
      : []),
  ];
}
