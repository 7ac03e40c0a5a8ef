/**
 * By these a process of a job speaks to GitHub's runner, in a step's place: files to write commands to, and the tokens of
 * its services (artifacts, caches). `ACTIONS_ID_TOKEN_REQUEST_*` is not among them: the AWS provider and Pulumi itself get
 * their credentials by it where a program uses OIDC.
 */
const TO_THE_RUNNER = new Set([
  ...["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"],
  ...["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RUNTIME_URL", "ACTIONS_RESULTS_URL", "ACTIONS_CACHE_URL"],
]);

/** The environment for the CLI, which hands it on to the program: the gate's, without the ways to speak to the runner. */
export function withoutRunner(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !TO_THE_RUNNER.has(name.toUpperCase())));
}
