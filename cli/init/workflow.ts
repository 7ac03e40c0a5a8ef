/* The workflows of docs/examples, with what is particular to a repository put in. */
import PLACES from "./places.json";

export const EXAMPLES = { github: "docs/examples/github-workflow.yml", gitlab: "docs/examples/gitlab-ci.yml" } as const;
export type Forge = keyof typeof EXAMPLES;

/** The release that CI installs, and nothing else: the package's name in the registry, and the hash of its tarball. */
export type Pin = Readonly<Record<"name" | "version" | "integrity", string>>;

export interface Settings extends Readonly<Record<"stack" | "branch", string>> {
  /** The project's folder, relative to the repository's root, with forward slashes. */
  readonly project: string;
  /** Set apart by it are a second project's job and check, which would run in place of the first's: "-site", or nothing. */
  readonly suffix: string;
  readonly isNode: boolean;
  /** The command that installs the program's dependencies. */
  readonly install: string;
}

/** The text with the value in the pattern's only place, after the pattern's group. @throws Error for none or several */
function put(example: string, pattern: string, value = ""): string {
  const found = example.match(new RegExp(pattern, "gm"))?.length ?? 0;
  if (found !== 1) throw new Error(`the example has ${found} lines with ${pattern}, and should have one`);
  return example.replace(new RegExp(pattern, "m"), (_, head: string) => head + value);
}

export function pinned(example: string, { name, version, integrity }: Pin): string {
  const values = { GATE: JSON.stringify(name), GATE_VERSION: version, GATE_INTEGRITY: integrity };
  return Object.entries(values).reduce((text, [key, value]) => put(text, `^( *${key}: ).*$`, value), example);
}

export function workflow(example: string, forge: Forge, settings: Settings): string {
  const { stack, project, suffix, isNode, install, branch } = settings;
  const image = isNode ? "-nodejs-22" : "";
  const values: Readonly<Record<string, string>> = {
    ...{ head: "# Made by s3-public-access-block init.\n", image, install, branch, suffix },
    ...{ project: JSON.stringify(project), stack: JSON.stringify(stack), stackInExpression: `'${stack}'` },
  };
  const places = Object.entries<string>({ ...PLACES.common, ...PLACES[forge] });
  return places.reduce((text, [pattern, value]) => put(text, pattern, values[value]), example);
}
