import { isObject } from "../../policypack/face";
import { UsageError } from "../command";
import { ask, type Finished, reasonIn, RunError, textOf } from "./cli";

/** A backend may be far away, and slow with many stacks. */
const LIMIT_MS = 120_000;

/**
 * The stack of the project in that folder that any command of the CLI would be about: PULUMI_STACK, or the selected one.
 * @throws UsageError when there is none
 */
export async function selectedStack(cwd: string): Promise<string> {
  const answer = await answerOf(["stack", "--show-name"], cwd);
  const name = typeof answer === "string" ? "" : textOf(answer).trim();
  if (name !== "") return name;
  const reason = typeof answer === "string" ? answer : reasonIn(answer);
  throw new UsageError(
    `no stack is named: give --stack NAME, set PULUMI_STACK, or run "pulumi stack select" in ${cwd}` +
      (reason === "" ? "" : `\n(${reason})`),
  );
}

/** Every stack of a project that exists. @throws UsageError when there is none, or they can't be listed */
export async function stacksIn(cwd: string): Promise<string[]> {
  const answer = await answerOf(["stack", "ls", "--json"], cwd);
  const names = typeof answer === "string" ? undefined : stackNames(textOf(answer));
  if (names === undefined) {
    const reason = typeof answer === "string" ? answer : reasonIn(answer);
    throw new UsageError(`the stacks of ${cwd} can't be listed: ${reason}`);
  }
  if (names.length === 0) throw new UsageError(`the project in ${cwd} has no stack yet`);
  return names;
}

/** The names in the output of `pulumi stack ls --json`; undefined for anything else. */
export function stackNames(json: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    const names = Array.isArray(list) ? list.map((each) => (isObject(each) ? each.name : undefined)) : [null];
    return names.every((name) => typeof name === "string") ? names : undefined;
  } catch {
    return undefined;
  }
}

/** The CLI's answer, or why there is none. */
async function answerOf(args: readonly string[], cwd: string): Promise<Finished | string> {
  try {
    return await ask(args, { cwd, limitMs: LIMIT_MS });
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return error.isMissing ? `there is no pulumi on the PATH, or no folder ${cwd}` : error.message;
  }
}
