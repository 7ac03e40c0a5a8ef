import { readFileSync } from "node:fs";
import path from "node:path";
import { memoized } from "../lib/lists";
import { loadYaml } from "../lib/load-yaml";
import { type Language, languageOfRuntime } from "../languages";
import { property } from "../lib/values";

/** The stack tag that the CLI sets where the backend has tags, as Pulumi Cloud does. */
const RUNTIME_TAG = "pulumi:runtime";

/** The names that the CLI looks for (sdk/go/common/workspace/paths.go). JSON is YAML. */
const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/**
 * The language of the program that a resource belongs to, looked for once per project; undefined where it can't be determined.
 * No request names it, nor the program's folder: an executable pack runs there, and one that a language host runs learns by PWD
 * where the CLI was started. A folder counts only if the project in it, or above it, is the one that the resources belong to.
 */
export function languages(
  tags: ReadonlyMap<string, string>,
  folders: readonly (string | undefined)[] = [process.cwd(), process.env.PWD],
): (urn: string) => Language | undefined {
  const ofProject = memoized((project: string) => {
    const runtime = tags.get(RUNTIME_TAG) ?? runtimeIn(project, folders);
    return runtime === undefined ? undefined : languageOfRuntime(runtime);
  });
  return (urn) => ofProject(urn.split("::")[1] ?? "");
}

function runtimeIn(project: string, folders: readonly (string | undefined)[]): string | undefined {
  const above = new Set(folders.flatMap((folder) => (folder === undefined ? [] : withParents(folder))));
  for (const file of [...above].flatMap((folder) => PROJECT_FILES.map((name) => path.join(folder, name)))) {
    let content: unknown;
    try {
      content = loadYaml()?.parseYaml(readFileSync(file, "utf8")).template;
    } catch {
      continue; // It isn't there, or can't be read: the language is only a help.
    }
    if (property(content, "name") !== project) continue;
    const runtime = property(content, "runtime");
    const name = typeof runtime === "string" ? runtime : property(runtime, "name");
    if (typeof name === "string") return name;
  }
  return undefined;
}

function withParents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}
