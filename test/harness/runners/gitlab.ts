/** Runs a job on gitlab-ci-local, which reads a pipeline and runs its jobs as GitLab's runner does, by the shell of this machine. */
import { join } from "node:path";
import { run } from "../engine/command";
import { ROOT } from "../engine/paths";

const GITLAB_CI_LOCAL = join(ROOT, "node_modules/gitlab-ci-local/dist/index.js");

export interface Job {
  /** A checkout whose origin is on a GitLab, with the pipeline in .gitlab-ci.yml. Artifacts are left there. */
  readonly checkout: string;
  readonly name: string;
  /** The variables that GitLab sets for this pipeline. */
  readonly predefined: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  /** A Node.js of version 22 or newer. */
  readonly node: string;
}

/**
 * Runs the job.
 * @throws Error that says what to install when rsync is missing, by which it copies the checkout
 */
export async function runOnGitLab({ checkout, name, predefined, env, node }: Job) {
  const { code: missing } = await run("rsync", ["--version"], { env });
  if (missing !== 0)
    throw new Error("rsync is missing, which gitlab-ci-local needs: install it (apt-get install rsync)");
  // Of these it warns, since it has defaults; the last it sets to a path that only its containers have.
  const variables = { ...predefined, CI_PROJECT_DIR: checkout };
  const flags = Object.entries(variables).flatMap(([key, value]) => ["--variable", `${key}=${value}`]);
  const quiet = ["--ignore-predefined-vars", Object.keys(variables).join(",")];
  const argv = ["--force-shell-executor", ...flags, ...quiet, name];
  const { code, stdout, stderr } = await run(node, [GITLAB_CI_LOCAL, ...argv], {
    cwd: checkout,
    env,
    limitMs: 100_000,
  });
  const log = stdout + stderr;
  // By the job's rules it may not be in the pipeline.
  return { failed: code !== 0, ran: log.includes(`${name} starting shell`), log };
}
