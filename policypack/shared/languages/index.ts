import { csharp } from "./csharp";
import { go } from "./go";
import { hcl } from "./hcl";
import { java } from "./java";
import { javascript } from "./javascript";
import type { Language } from "./language";
import { python } from "./python";
import { yaml } from "./yaml";

export { capitalized, type Former, type Language } from "./language";
export { GUESSED } from "./text";

/** The languages that fixes are written in. */
export const LANGUAGES = { javascript, python, go, csharp, java, yaml } as const satisfies Record<
  string,
  Language
>;

export type LanguageName = keyof typeof LANGUAGES;

/** The `runtime` of a Pulumi.yaml. Bun runs what Node.js runs. The gate reads no source in HCL, and has no edits for it. */
const RUNTIMES: Readonly<Record<string, Language>> = {
  ...{ nodejs: javascript, bun: javascript, python, go, dotnet: csharp, java, yaml, hcl },
};

/** Undefined for a runtime that isn't known here. */
export function languageOfRuntime(runtime: string): Language | undefined {
  return Object.hasOwn(RUNTIMES, runtime) ? RUNTIMES[runtime] : undefined;
}
