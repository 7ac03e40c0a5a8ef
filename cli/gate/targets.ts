import { UsageError } from "../command";
import { findRoots, type Roots } from "../report/position";
import type { Options } from "./args";
import { selectedStack, stacksIn } from "../pulumi/stacks";

/** A stack to preview. */
export interface Target {
  readonly stack: string;
  /** The folder the preview runs in: the project's, or one below it. */
  readonly cwd: string;
  readonly roots: Roots;
}

/** How stacks are paired with projects; `undefined` stands for the stack that is selected there. */
type Pair = readonly [cwd: string, stack: string | undefined];

/**
 * Every stack with the one project; the one stack in each project; or the first with the first, and so on.
 * @throws UsageError when that can't be told
 */
function paired(projects: readonly string[], stacks: readonly string[]): Pair[] {
  if (stacks.length === 0) return projects.map((cwd) => [cwd, undefined]);
  const [project = "", stack = ""] = [projects[0], stacks[0]];
  if (projects.length === 1) return stacks.map((each) => [project, each]);
  if (stacks.length === 1) return projects.map((cwd) => [cwd, stack]);
  if (stacks.length === projects.length) return projects.map((cwd, at) => [cwd, stacks[at]]);
  throw new UsageError(
    `${stacks.length} --stack for ${projects.length} --cwd: give each project its own, in the same order, or one for all`,
  );
}

type Wanted = Pick<Options, "projects" | "stacks" | "all">;

/**
 * The stacks that the command line asks for, in its order.
 * @throws UsageError when there is no such project, or no stack to preview
 */
export async function targetsOf({ projects, stacks, all }: Wanted): Promise<Target[]> {
  const roots = new Map(projects.map((cwd) => [cwd, rootsOf(cwd)]));
  const pairs = all ? await everyPair(projects) : paired(projects, stacks);
  const targets = await Promise.all(
    pairs.map(async ([cwd, stack]): Promise<Target> => {
      const known = roots.get(cwd) ?? rootsOf(cwd);
      return { cwd, roots: known, stack: stack ?? (await selectedStack(cwd)) };
    }),
  );
  const names = targets.map(({ stack, roots: { manifest } }) => `${manifest} ${stack}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`the stack ${twice} is named twice`);
  return targets;
}

async function everyPair(projects: readonly string[]): Promise<Pair[]> {
  const stacks = await Promise.all(projects.map(stacksIn));
  return projects.flatMap((cwd, at) => (stacks[at] ?? []).map((stack): Pair => [cwd, stack]));
}

function rootsOf(cwd: string): Roots {
  const roots = findRoots(cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${cwd} or above it`);
  return roots;
}
