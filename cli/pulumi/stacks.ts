import { UsageError } from "../command";
import { parseJson } from "../../policypack/face";
import { fits } from "../shape";
import { ask, reasonIn, RunError, textOf } from "./cli";

/** A backend may be far away, and slow with many stacks. */
const LIMIT_MS = 120_000;

/**
 * The stack of the project in that folder that any command of the CLI would be about: PULUMI_STACK, or the selected one.
 * @throws UsageError when there is none
 */
export async function selectedStack(cwd: string): Promise<string> {
  const { text, reason } = await answerOf(["stack", "--show-name"], cwd);
  if (text.trim() !== "") return text.trim();
  throw new UsageError(
    `no stack is named: give --stack NAME, set PULUMI_STACK, or run "pulumi stack select" in ${cwd}` +
      (reason === "" ? "" : `\n(${reason})`),
  );
}

/** Every stack of a project that exists. @throws UsageError when there is none, or they can't be listed */
export async function stacksIn(cwd: string): Promise<string[]> {
  const { text, reason } = await answerOf(["stack", "ls", "--json"], cwd);
  const list = parseJson(text);
  if (!fits(list, [{ name: "string" }])) throw new UsageError(`the stacks of ${cwd} can't be listed: ${reason}`);
  if (list.length === 0) throw new UsageError(`the project in ${cwd} has no stack yet`);
  return list.map(({ name }) => name);
}

/** The CLI's answer, or the reason why there is none. */
export async function answerOf(args: readonly string[], cwd?: string): Promise<{ text: string; reason: string }> {
  try {
    const answer = await ask(args, { ...(cwd !== undefined && { cwd }), limitMs: LIMIT_MS });
    return { text: textOf(answer), reason: reasonIn(answer) };
  } catch (error) {
    if (error instanceof RunError) return { text: "", reason: error.message };
    throw error;
  }
}
