import { spawnSync } from "node:child_process";
import { isObject } from "../../policypack/shared/values";
import { UsageError } from "../command";
import { findRoots, type Roots } from "../report/position";
import type { Options } from "./args";
import { withoutRunner } from "./environment";
import { selectedStack } from "./selected-stack";

/** A stack to preview. */
export interface Target {
  readonly stack: string;
  /** The folder the preview runs in: the project's, or one below it. */
  readonly cwd: string;
  readonly roots: Roots;
}

/** How stacks are paired with projects; `undefined` stands for the stack that is selected there. */
export type Pair = readonly [cwd: string, stack: string | undefined];

/**
 * Every stack with the one project; the one stack in each project; or the first with the first, and so on.
 * @throws UsageError when that can't be told
 */
export function paired(projects: readonly string[], stacks: readonly string[]): Pair[] {
  if (stacks.length === 0) return projects.map((cwd) => [cwd, undefined]);
  const [project = "", stack = ""] = [projects[0], stacks[0]];
  if (projects.length === 1) return stacks.map((each) => [project, each]);
  if (stacks.length === 1) return projects.map((cwd) => [cwd, stack]);
  if (stacks.length === projects.length) return projects.map((cwd, at) => [cwd, stacks[at]]);
  throw new UsageError(
    `${stacks.length} --stack for ${projects.length} --cwd: give each project its own, in the same order, or one for all`,
  );
}

/**
 * The stacks that the command line asks for, in its order.
 * @throws UsageError when there is no such project, or no stack to preview
 */
export function targetsOf({ projects, stacks, all }: Pick<Options, "projects" | "stacks" | "all">): Target[] {
  const roots = new Map(projects.map((cwd) => [cwd, rootsOf(cwd)]));
  const pairs = all
    ? projects.flatMap((cwd) => stacksIn(cwd).map((stack): Pair => [cwd, stack]))
    : paired(projects, stacks);
  const targets = pairs.map(([cwd, stack]) => ({
    ...{ cwd, roots: roots.get(cwd) ?? rootsOf(cwd), stack: stack ?? selectedStack(cwd) },
  }));
  const names = targets.map(({ stack, roots: { manifest } }) => `${manifest} ${stack}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UsageError(`the stack ${twice} is named twice`);
  return targets;
}

function rootsOf(cwd: string): Roots {
  const roots = findRoots(cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${cwd} or above it`);
  return roots;
}

/** A backend may be far away, and slow with many stacks. */
const LIMIT_MS = 120_000;

/** Every stack of a project that exists. @throws UsageError when there is none, or it can't be told */
function stacksIn(cwd: string): string[] {
  const { stdout, stderr, error } = spawnSync("pulumi", ["stack", "ls", "--json", "--non-interactive"], {
    cwd,
    env: { ...withoutRunner(process.env), PULUMI_SKIP_UPDATE_CHECK: "true" },
    encoding: "utf8",
    timeout: LIMIT_MS,
    maxBuffer: 1 << 28,
  });
  const names = namesIn(stdout);
  if (error !== undefined || names === undefined) {
    const reason = error === undefined ? stderr.trim().replace(/^error: /, "") : reasonOf(error, cwd);
    throw new UsageError(`the stacks of ${cwd} can't be listed: ${reason}`);
  }
  if (names.length === 0) throw new UsageError(`the project in ${cwd} has no stack yet`);
  return names;
}

const reasonOf = ({ code, message }: NodeJS.ErrnoException, cwd: string): string =>
  code === "ENOENT" ? `there is no pulumi on the PATH, or no folder ${cwd}` : message;

function namesIn(json: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    if (!Array.isArray(list)) return undefined;
    return list
      .map((each) => (isObject(each) && typeof each.name === "string" ? each.name : ""))
      .filter(Boolean);
  } catch {
    return undefined;
  }
}
