import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../policypack/shared/values";
import { EXIT_CODES, UsageError } from "../command";
import { readOptions } from "../options";
import { print } from "../report/neutral";
import { findRoots } from "../report/position";
import { code } from "../report/markdown";
import type { Suggestible, Suggestions } from "../report/suggestions";
import { EventError, pullRequestIn, type PullRequest } from "./event";
import { type Access, changedFiles, commentBodies, GitHubError, postReview } from "./github";
import { commentOf, isOffered, suggestionsOf } from "./suggestions";

const USAGE = `Usage: s3-public-access-block review FILE [--cwd DIR]

Offers the fixes that a preview has written by --suggestions FILE on the pull request that the job is about: each as a
comment with a change to commit in one click, where its lines are in the diff. Nothing is offered twice, nor on a fork's pull
request. Run it after the preview, in a step of its own, so that the program doesn't run beside its token.

  --cwd DIR    the project's folder (default: this one)
  --help       print this text

It reads GITHUB_TOKEN (with the permission pull-requests: write) and, as GitHub sets them, GITHUB_EVENT_PATH,
GITHUB_REPOSITORY and GITHUB_API_URL.

Exit codes: 0 the fixes are offered, or there is nothing to offer; 2 they could not be offered. Neither is a verdict.`;

/** A reviewer reads a few comments, not a hundred: the rest comes with the next push. */
const AT_ONCE = 10;

/** An answer of GitHub's takes seconds at most; a job shouldn't wait longer for what is only a help. */
const LIMIT_MS = 30_000;

/** `s3-public-access-block review`. Takes the arguments after the command's name. */
export async function reviewCommand(argv: readonly string[]): Promise<number> {
  try {
    const options = parse(argv);
    print(process.stdout, options === undefined ? USAGE : await review(options, process.env));
    return EXIT_CODES.passed;
  } catch (error) {
    if (error instanceof UsageError) print(process.stderr, `${error.message}\n\n${USAGE}`);
    else if (error instanceof GitHubError || error instanceof EventError) {
      print(process.stderr, `The fixes are not offered on the pull request. ${error.message}`);
    } else throw error;
    return EXIT_CODES.failed;
  }
}

interface Options {
  readonly suggestions: Suggestions;
  readonly repository: string;
}

function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = read(argv);
  if (values.help) return undefined;
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0)
    throw new UsageError("expected one file, of preview --suggestions");
  const cwd = values.cwd ?? ".";
  const roots = findRoots(cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${cwd} or above it`);
  return { suggestions: suggestionsIn(file), repository: roots.repository };
}

function read(argv: readonly string[]) {
  return readOptions({
    args: [...argv],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" }, cwd: { type: "string" } },
  });
}

function suggestionsIn(file: string): Suggestions {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`);
  }
  if (isObject(value) && value.version === 1 && Array.isArray(value.findings)) {
    return value as unknown as Suggestions;
  }
  throw new UsageError(`${file} is not what preview --suggestions of this version writes`);
}

/** Offers what can be offered, and tells what came of it. */
async function review({ suggestions, repository }: Options, env: NodeJS.ProcessEnv): Promise<string> {
  const { stacks, findings } = suggestions;
  const stack = stacks.join(", ");
  if (findings.length === 0) return `There is no fix to offer for ${stack}.`;
  const request = pullRequestOf(env);
  if (request === undefined) return "This job is not about a pull request: no fix is offered.";
  if (request.isFork) return "The pull request is a fork's: no fix is offered.";
  const { offered, later, left } = await offer(findings, stack, request, accessOf(env), repository);
  const notes = [
    ...(later > 0 ? [`${later} more come with the next push.`] : []),
    ...(left > 0
      ? [`${left} can't be offered there: their lines aren't in the diff, or not in one piece.`]
      : []),
  ];
  return [`${offered} of the fixes for ${stack} are offered on the pull request.`, ...notes].join(" ");
}

interface Offered {
  readonly offered: number;
  readonly later: number;
  readonly left: number;
}

async function offer(
  findings: readonly Suggestible[],
  stack: string,
  request: PullRequest,
  access: Access,
  repository: string,
): Promise<Offered> {
  const sources = new Map<string, string | undefined>();
  const source = (file: string): string | undefined => {
    if (!sources.has(file)) sources.set(file, textOf(join(repository, file)));
    return sources.get(file);
  };
  const all = suggestionsOf(findings, source);
  const bodies = await commentBodies(access, request.number);
  const fresh = all.filter((suggestion) => !isOffered(suggestion, bodies));
  const files = fresh.length === 0 ? [] : await changedFiles(access, request.number);
  const comments = fresh.flatMap(
    (suggestion) => commentOf(suggestion, source(suggestion.edit.file) ?? "", files) ?? [],
  );
  const now = comments.slice(0, AT_ONCE);
  if (now.length > 0) await postReview(access, request, introduction(stack, now.length), now);
  const whole = all.reduce((sum, suggestion) => sum + suggestion.findings.length, 0);
  return {
    offered: now.length,
    later: comments.length - now.length,
    left: fresh.length - comments.length + findings.length - whole,
  };
}

function introduction(stack: string, count: number): string {
  const what = count === 1 ? "A change fixes" : `${count} changes fix`;
  return `${what} what policies found in the preview of ${code(stack)}. Commit what you agree with.`;
}

function pullRequestOf({ GITHUB_EVENT_PATH: event }: NodeJS.ProcessEnv): PullRequest | undefined {
  if (!event) throw new EventError("GITHUB_EVENT_PATH is not set: this runs in a job of GitHub Actions.");
  return pullRequestIn(event);
}

function accessOf({ GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL }: NodeJS.ProcessEnv): Access {
  if (!GITHUB_TOKEN) throw new EventError("GITHUB_TOKEN is not set: give the step one.");
  if (!GITHUB_REPOSITORY) throw new EventError("GITHUB_REPOSITORY is not set.");
  const api = (GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, "");
  return { api, repository: GITHUB_REPOSITORY, token: GITHUB_TOKEN, limitMs: LIMIT_MS };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Gone since the preview.
  }
}
