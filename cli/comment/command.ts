import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODES, textIn, UsageError } from "../command";
import { type CommandLine, one, path, readArguments, usage } from "../options";
import { print } from "../report/neutral";
import { findRoots } from "../report/position";
import { readSuggestions, type Suggestions } from "../report/suggestions";
import { isSummary, markerOf } from "../report/summary";
import { type Forge, ForgeError, NowhereError } from "./forge";
import { gitHub } from "./github";
import { gitLab } from "./gitlab";
import help from "./help.json";
import { commentOf, marksIn, suggestionsOf } from "./suggestions";

const { options: HELP, ...ABOUT } = help;

const COMMAND = {
  ...ABOUT,
  options: {
    summary: one("FILE", HELP.summary, path),
    suggestions: one("FILE", HELP.suggestions, path),
    cwd: one("DIR", HELP.cwd, path),
  },
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

/** A reviewer reads a few comments, not a hundred: the rest comes with the next push. */
const AT_ONCE = 10;

export function run(argv: readonly string[]): Promise<number> {
  return comment(argv, process.env, (line, stream) => {
    print(process[stream], line);
  });
}

type Say = (line: string, stream: "stdout" | "stderr") => void;

export async function comment(argv: readonly string[], env: NodeJS.ProcessEnv, say: Say): Promise<number> {
  const { summary, suggestions, repository } = parse(argv);
  try {
    if (summary === undefined && (suggestions?.findings ?? []).length === 0)
      throw new NowhereError("There is no fix to offer");
    // Where gitlab-ci-local is the runner GITLAB_CI is "false".
    const forge = env.GITHUB_ACTIONS === "true" ? gitHub(env) : env.GITLAB_CI ? gitLab(env) : undefined;
    if (forge === undefined) throw new UsageError("this is neither a job of GitHub Actions nor one of GitLab CI");
    if (summary !== undefined) say(`The summary on ${forge.request} is ${await keep(forge, summary)}.`, "stdout");
    if (suggestions !== undefined) say(await offer(forge, suggestions, repository), "stdout");
    return EXIT_CODES.passed;
  } catch (error) {
    const isNowhere = error instanceof NowhereError;
    if (!isNowhere && !(error instanceof ForgeError)) throw error;
    if (isNowhere) say(`${error.message}: nothing is written.`, "stdout");
    else say(`Not everything is on the request. ${error.message}`, "stderr");
    return isNowhere ? EXIT_CODES.passed : EXIT_CODES.failed;
  }
}

/** Reads the options: the files to post, and the folder that the suggestions' paths are relative to. */
function parse(argv: readonly string[]) {
  const { summary, suggestions, cwd = process.cwd() } = readArguments(COMMAND, argv).values;
  if (summary === undefined && suggestions === undefined)
    throw new UsageError("nothing to post: pass --summary FILE, --suggestions FILE, or both");
  const written = summary === undefined ? undefined : textOf(summary);
  if (written !== undefined && !isSummary(written))
    throw new UsageError(`${summary ?? ""} wasn't written by preview --summary`);
  if (suggestions === undefined || !existsSync(suggestions)) return { summary: written, repository: cwd };
  const offered = readSuggestions(textOf(suggestions));
  if (offered === undefined)
    throw new UsageError(`${suggestions} wasn't written by preview --suggestions of this version`);
  const repository = findRoots(cwd)?.repository;
  if (repository === undefined) throw new UsageError(`there is no Pulumi.yaml in ${cwd} or above it`);
  return { summary: written, suggestions: offered, repository };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`);
  }
}

/**
 * Makes the comment of the same stack read so, or writes one. Of two that jobs wrote at the same time the older one stays: each
 * job looks again after it has written.
 */
async function keep(forge: Forge, body: string): Promise<"written" | "updated" | "unchanged"> {
  const alike = async () => (await forge.own("summary")).filter((each) => markerOf(each.body) === markerOf(body));
  const [earlier] = await alike();
  if (earlier === undefined) await forge.write(body);
  const [first, ...twins] = earlier === undefined ? await alike() : [earlier];
  for (const { id } of twins) await forge.remove("summary", id);
  if (first === undefined || first.body.trimEnd() === body.trimEnd())
    return earlier === undefined ? "written" : "unchanged";
  await forge.update(first.id, body);
  return "updated";
}

/** Offers what can be offered, and says what came of it. */
async function offer(forge: Forge, { stacks, findings }: Suggestions, repository: string): Promise<string> {
  const read = (file: string): string | undefined => textIn(join(repository, file)); // Or gone since the preview.
  const all = suggestionsOf(findings, read);
  const files = all.length === 0 ? [] : await forge.files([...new Set(all.map(({ edit }) => edit.file))]);
  const before = all.length === 0 ? [] : await forge.own("suggestion");
  const offered = new Set(before.flatMap(({ body }) => marksIn(body)));
  const fresh = all.filter(({ findings }) => !findings.every(({ fingerprint }) => offered.has(fingerprint)));
  const comments = fresh.flatMap((each) => commentOf(each, read(each.edit.file) ?? "", files, forge.fence) ?? []);
  const now = comments.slice(0, AT_ONCE);
  if (now.length > 0) {
    await forge.suggest(now);
    // Of comments that offer the same the oldest stays: another job of the request may have posted them at the same time.
    const seen = new Set<string>();
    for (const { id, body } of await forge.own("suggestion")) {
      const marks = marksIn(body);
      const isTwin = marks.length > 0 && marks.every((mark) => seen.has(mark));
      if (isTwin && !before.some((each) => each.id === id)) await forge.remove("suggestion", id);
      for (const mark of marks) seen.add(mark);
    }
  }
  const later = comments.length - now.length;
  const whole = all.reduce((sum, suggestion) => sum + suggestion.findings.length, 0);
  const left = fresh.length - comments.length + findings.length - whole;
  return [
    `${now.length} of the fixes for ${stacks.join(", ")} are offered on ${forge.request}.`,
    ...(later > 0 ? [`${later} more come with the next push.`] : []),
    ...(left > 0 ? [`${left} can't be suggested: their lines are outside the diff, or span several parts of it.`] : []),
  ].join(" ");
}
