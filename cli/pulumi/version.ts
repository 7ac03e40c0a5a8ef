/** The version of the Pulumi CLI, which is asked for only when there is no verdict: an answer takes as long as half a pack. */
import { ask, textOf } from "./cli";

/** The first version, as 3.MINOR, that has something. */
const FIRST = {
  /** An event about the stack as a whole from each policy pack (Pulumi's pkg/resource/deploy/step_generator.go). */
  stackSummaries: 197,
  /** An executable file as a policy pack; older ones take folders only (docs/performance.md). */
  executables: 255,
  /** Exceptions: in a configuration file of version 2 (Pulumi's pkg/resource/analyzer/config.go), and in Pulumi Cloud. */
  exceptions: 274,
};

let version: Promise<string> | undefined;

/** The output of `pulumi version`; empty where there is no CLI, since the preview itself says so. */
export function cliVersion(): Promise<string> {
  return (version ??= ask(["version"], { limitMs: 10_000 }).then(textOf, () => ""));
}

/** Whether that version, as the CLI prints it, is older than the first that has it; no for one that can't be read. */
export function lacks(version: string, what: keyof typeof FIRST): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d/.exec(version.trim()) ?? [];
  return Number(major) < 3 || (Number(major) === 3 && Number(minor) < FIRST[what]);
}

/**
 * Why there is no verdict with a CLI of that version, if its age is the reason.
 * @param versioned the configuration files of version 2 that the CLI was given
 */
export function tooOld(version: string, versioned: readonly string[]): string[] {
  const reason = (what: keyof typeof FIRST, problem: string, verb: string): string[] => {
    const wanted = `3.${FIRST[what]}.0 or newer ${verb}`;
    return lacks(version, what) ? [`the Pulumi CLI is ${version.trim()}, which ${problem}: ${wanted}`] : [];
  };
  return [
    ...reason("stackSummaries", "doesn't report which policy packs evaluated the stack", "does"),
    ...versioned.flatMap((file) => reason("exceptions", `can't read ${file}, a configuration of version 2`, "can")),
  ];
}
