import { readFileSync } from "node:fs";
import { EXIT_CODES, UsageError } from "../command";
import { readOptions } from "../options";
import { print } from "../report/neutral";
import { type Access, GitLabError, keepNote, markerOf } from "./gitlab";

const USAGE = `Usage: s3-public-access-block note FILE

Keeps one note on the merge request of a GitLab job up to date: it reads what a preview has written by --summary FILE. Each stack
has its own note. Run it after the preview, whatever its exit code is.

  --help       print this text

It reads GITLAB_TOKEN, an access token with the scope api, and, as GitLab sets them, CI_API_V4_URL, CI_MERGE_REQUEST_IID and
CI_MERGE_REQUEST_PROJECT_ID. Without a token, as in a fork's pipeline, it writes no note.

Exit codes: 0 the note is up to date, or there is none to write; 2 it could not be written. Neither is a verdict.`;

/** An answer of GitLab's takes seconds at most; a job shouldn't wait longer for what is only a help. */
const LIMIT_MS = 30_000;

/** `s3-public-access-block note`. Takes the arguments after the command's name. */
export async function noteCommand(argv: readonly string[]): Promise<number> {
  try {
    const summary = parse(argv);
    print(process.stdout, summary === undefined ? USAGE : await note(summary, process.env));
    return EXIT_CODES.passed;
  } catch (error) {
    if (error instanceof UsageError) print(process.stderr, `${error.message}\n\n${USAGE}`);
    else if (error instanceof GitLabError) {
      print(process.stderr, `The note is not on the merge request. ${error.message}`);
    } else throw error;
    return EXIT_CODES.failed;
  }
}

/** The summary to write; undefined when help is asked for. */
function parse(argv: readonly string[]): string | undefined {
  const { values, positionals } = readOptions({
    args: [...argv],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new UsageError("expected one file, of preview --summary");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${(error as Error).message}`);
  }
  if (!/^<!-- s3-public-access-block .* -->$/.test(markerOf(text))) {
    throw new UsageError(`${file} is not what preview --summary writes`);
  }
  return text;
}

async function note(summary: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { CI_MERGE_REQUEST_IID: request, CI_MERGE_REQUEST_PROJECT_ID: project, CI_API_V4_URL: api } = env;
  if (!request || !project || !api) return "This job is not about a merge request: no note is written.";
  if (!env.GITLAB_TOKEN) {
    return "GITLAB_TOKEN is not set, as in the pipeline of a fork: no note is written.";
  }
  const access: Access = {
    ...{ project, request, token: env.GITLAB_TOKEN, limitMs: LIMIT_MS },
    api: api.replace(/\/+$/, ""),
  };
  return `The note on merge request !${request} is ${await keepNote(access, summary)}.`;
}
