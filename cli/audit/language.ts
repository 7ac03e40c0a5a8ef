import { type Language, languageOfRuntime } from "../../policypack/face";

const RUNTIMES: Readonly<Record<string, string>> = {
  ...{ ts: "nodejs", tsx: "nodejs", mts: "nodejs", cts: "nodejs" },
  ...{ js: "nodejs", jsx: "nodejs", mjs: "nodejs", cjs: "nodejs" },
  ...{ py: "python", go: "go", cs: "dotnet", java: "java" },
};

/**
 * The language of a stack's program, by the files in which it made its resources: a state doesn't tell it by itself. A
 * program has one language, and a component of another one has no positions in the state.
 * @param frames positions as a state has them, `project:///index.ts#8,11`
 */
export function languageIn(frames: readonly string[]): Language | undefined {
  for (const frame of frames) {
    const [, ending = ""] = /\.([a-z]+)#\d+(?:,\d+)?$/.exec(frame) ?? [];
    const runtime = Object.hasOwn(RUNTIMES, ending) ? RUNTIMES[ending] : undefined;
    if (runtime !== undefined) return languageOfRuntime(runtime);
  }
  return undefined;
}
