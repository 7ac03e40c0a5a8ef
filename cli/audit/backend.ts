import { setTimeout } from "node:timers/promises";
import { matches, parseJson } from "../../policypack/face";
import { ask, type Finished, InterruptedError, reasonIn, RunError } from "../pulumi/cli";
import { fits } from "../shape";
import type { Options } from "./args";
import { type Source, SourceError } from "./files";

/*
 * The backend that the CLI is logged in to, whichever that is. It is only ever read: `pulumi stack ls` and `pulumi stack
 * export`, which leaves secrets encrypted and needs no passphrase.
 */

/**
 * The stacks of the backend.
 * @param stacks globs; a stack's name has to match one of them, and none means all
 * @throws SourceError when the CLI isn't there or can't list them, or a glob matches none
 */
export async function stacksOf(options: Pick<Options, "stacks" | "organization">): Promise<Source[]> {
  const { stacks: globs, organization } = options;
  const updates = await list(organization);
  const listed = [...updates.keys()];
  const wanted = globs.map((glob) => {
    const found = listed.filter((name) => matchesGlob(glob, name));
    if (found.length > 0) return found;
    const some = listed.slice(0, 5).join(", ");
    const more = listed.length > 5 ? ` and ${listed.length - 5} more` : "";
    const there = listed.length === 0 ? "The backend has none" : `There are ${some}${more}`;
    throw new SourceError(`no stack matches --stack ${glob}. ${there}`);
  });
  const chosen = wanted.length === 0 ? listed : [...new Set(wanted.flat())];
  if (chosen.length === 0)
    throw new SourceError("the backend has no stacks. Is it the right one? See `pulumi whoami -v`");
  const read = (name: string) => () => pulumi(["stack", "export", "--stack", name]);
  return chosen.sort().map((name) => ({ name, updated: updates.get(name), read: read(name) }));
}

/** The names of stacks, each with the time of its last update. */
async function list(organization: string | undefined, ...filter: readonly string[]) {
  const within = organization === undefined ? [] : ["--organization", organization];
  // In a folder or a bucket the CLI lists no stack at all if it can't read one.
  const hint = "\nIf a single stack can't be read, pass the backend's folder with --file to evaluate the others";
  // In a project's folder the CLI leaves out the project's name by default.
  const whole = "--fully-qualify-stack-names";
  const answer = await pulumi(["stack", "ls", "--all", "--json", whole, ...within, ...filter], hint);
  const stacks = parseJson(answer.toString());
  if (!fits(stacks, [{ name: "string" }])) throw new SourceError("`pulumi stack ls --json` printed no list of stacks");
  return new Map(stacks.map(({ name, ...more }) => [name, (more as { readonly lastUpdate?: string }).lastUpdate]));
}

/**
 * The value of a tag, of each of these stacks that has it. `pulumi stack ls` prints no tags, but finds the stacks of a value: two
 * calls for each value, of which there are fewer than stacks. `pulumi stack tag ls` would select the stack for the user's next command.
 */
export async function tagged(tag: string, names: readonly string[], organization: string | undefined) {
  const values = new Map<string, string>();
  const wanted = new Set(names);
  for (const name of (await list(organization, "--tag", tag)).keys()) {
    if (values.has(name) || !wanted.has(name)) continue;
    const value = (await pulumi(["stack", "tag", "get", tag, "--stack", name])).toString().replace(/\n$/, "");
    for (const each of [name, ...(await list(organization, "--tag", `${tag}=${value}`)).keys()])
      if (!values.has(each)) values.set(each, value);
  }
  return values;
}

/**
 * `*` stands for anything within a part of the name, `**` for anything, as in an exemption. The first parts of a name,
 * organization and project, may be left out.
 */
export function matchesGlob(glob: string, name: string): boolean {
  const [pattern = "", parts = ""] = [glob, name].map((each) => each.replaceAll("/", "::"));
  return matches(pattern, parts) || matches(`**::${pattern}`, parts);
}

/** The output of the CLI, which may be longer than a string can be. @throws SourceError with the CLI's own words */
async function pulumi(args: readonly string[], hint = "", waitMs = FIRST_WAIT_MS): Promise<Buffer> {
  const failed = (why: string): SourceError => new SourceError(`\`pulumi ${args.join(" ")}\` failed${why}`);
  let finished: Finished;
  try {
    finished = await ask(args);
  } catch (error) {
    if (!(error instanceof RunError) || error instanceof InterruptedError) throw error;
    throw error.isMissing ? new SourceError(MISSING) : failed(`: ${error.message}${hint}`);
  }
  if (finished.exitCode === 0) return finished.stdout;
  const words = reasonIn(finished);
  if (words.includes("rate-limit exceeded") && waitMs <= LONGEST_WAIT_MS) {
    await setTimeout(waitMs);
    return pulumi(args, hint, waitMs * 2);
  }
  const help = NOT_LOGGED_IN.test(words) ? `\nLog in with \`pulumi login\`, or ${OR_FILES}` : hint;
  throw failed(` (exit code ${finished.exitCode}): ${words}${help}`);
}

/** The CLI waits itself, five times for as long as Pulumi Cloud says; an audit of thousands of stacks may have to for minutes. */
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [5000, 160_000];

const NOT_LOGGED_IN = /PULUMI_ACCESS_TOKEN|pulumi login|not logged in|no credentials/i;
const OR_FILES = "give exported states with --file";
const MISSING = `there is no pulumi on the PATH. Install the Pulumi CLI (https://www.pulumi.com/docs/install/), or ${OR_FILES}`;
