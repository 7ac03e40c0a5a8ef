import { spawnSync } from "node:child_process";
import { UsageError } from "../command";
import { withoutRunner } from "./environment";

/** A stack's name is in a file of the workspace; a backend that is asked for it answers in a moment. */
const LIMIT_MS = 60_000;

/**
 * The stack of the project in that folder that any command of the CLI would be about: PULUMI_STACK, or the selected one.
 * @throws UsageError when there is none
 */
export function selectedStack(folder: string): string {
  const { stdout, stderr, error } = spawnSync("pulumi", ["stack", "--show-name", "--non-interactive"], {
    cwd: folder,
    env: { ...withoutRunner(process.env), PULUMI_SKIP_UPDATE_CHECK: "true" },
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  const name = error === undefined ? stdout.trim() : "";
  if (name !== "") return name;
  const reason = error === undefined ? stderr.trim().replace(/^error: /, "") : reasonOf(error);
  throw new UsageError(
    `no stack is named: give --stack NAME, set PULUMI_STACK, or run "pulumi stack select" in ${folder}` +
      (reason === "" ? "" : `\n(${reason})`),
  );
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return error.code === "ENOENT"
    ? "there is no pulumi on the PATH that could tell the selected one"
    : error.message;
}
