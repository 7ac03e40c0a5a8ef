import { UsageError } from "../command";
import { selectedStack, stacksIn } from "../pulumi/stacks";
import { findRoots, type Roots } from "../report/position";
import type { Options } from "./args";

export interface Target {
  readonly stack: string;
  /** The folder the preview runs in: the project's, or one below it. */
  readonly cwd: string;
  readonly roots: Roots;
}

/**
 * The stacks that the command line asks for, in its order: every stack with the one project, the one stack in each project, or
 * the first with the first, and so on.
 * @throws UsageError when there is no such project, or no stack to preview
 */
export async function targetsOf(options: Pick<Options, "projects" | "stacks" | "all">): Promise<Target[]> {
  const { projects, stacks, all } = options;
  const roots = projects.map((cwd) => {
    const found = findRoots(cwd);
    if (found === undefined) throw new UsageError(`there is no Pulumi.yaml in ${cwd} or above it`);
    return { cwd, roots: found };
  });
  if (!all && projects.length > 1 && stacks.length > 1 && projects.length !== stacks.length)
    throw new UsageError(
      `${stacks.length} --stack for ${projects.length} --cwd: give each project its own, in the same order, or one for all`,
    );
  const namesIn = async (cwd: string, at: number): Promise<readonly string[]> => {
    if (all) return stacksIn(cwd);
    if (projects.length === 1 && stacks.length > 0) return stacks;
    return [stacks[stacks.length === 1 ? 0 : at] ?? (await selectedStack(cwd))];
  };
  const names = await Promise.all(projects.map(namesIn));
  const targets = roots.flatMap((root, at) => (names[at] ?? []).map((stack) => ({ ...root, stack })));
  const titles = targets.map(({ stack, roots: { manifest } }) => `${manifest} ${stack}`);
  const twice = titles.find((title, at) => titles.indexOf(title) !== at);
  if (twice !== undefined) throw new UsageError(`the stack ${twice} is named twice`);
  return targets;
}
