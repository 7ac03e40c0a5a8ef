/**
 * Runs a workflow on act, which reads it and runs its jobs as GitHub's runner does, on this machine instead of in a
 * container. It has no network: the actions of other repositories are stand-ins that write down what they are given.
 * actions/checkout is act's own copy of the repository.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../engine/command";
import { readIfThere } from "../engine/files";
import type { ForgeServer } from "../forge/server";
import { TOOLS } from "./tools";

export interface Event {
  readonly name: "pull_request" | "push" | "merge_group";
  /** A pull request gets its commit from the forge. */
  readonly payload: { readonly ref?: string; readonly pull_request?: { readonly head: object } };
}

/** Pull request 7 of the repository o/r, from a branch of its own, from a fork, or from one that is gone. */
export const pullRequest = (from: string | null = "o/r", isBaseFork = false): Event => ({
  name: "pull_request",
  payload: {
    pull_request: {
      ...{ number: 7, base: { ref: "main", repo: { full_name: "o/r" } } },
      head: { ref: "topic", repo: from && { full_name: from, fork: from !== "o/r" || isBaseFork } },
    },
  },
});

export interface Job {
  /** A checkout whose origin is on GitHub, with the workflow in .github/workflows. */
  readonly repository: string;
  /** A folder that the runner may write to. A program finds packages in the folders above it. */
  readonly work: string;
  /** The files in which it is named what stand-ins are for: the workflow, and the actions that it brings along. */
  readonly files: readonly string[];
  readonly event: Event;
  readonly env: NodeJS.ProcessEnv;
  /** Besides the token. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** GitHub's API, and the commit that a pull request is of. */
  readonly forge: ForgeServer;
}

export type Ended = ReturnType<typeof ended>;

/** A line of act's log. */
interface Line {
  readonly msg?: string;
  readonly stage?: string;
  readonly jobResult?: string;
  readonly command?: string;
  readonly content?: string;
  readonly kvPairs?: Readonly<Record<string, string>>;
}

const USES = /uses: ((?:[\w.-]+\/)+[\w.-]+)@([0-9a-f]{40})/g;

/** Runs the job of the repository's workflow on an event. */
export async function runOnAct(job: Job): Promise<Ended> {
  const folder = mkdtempSync(join(job.work, "act-"));
  const event = join(folder, "event.json");
  const given = join(folder, "given.jsonl");
  const { url, token, head } = job.forge;
  const { pull_request: request } = job.event.payload;
  const asked = request && { pull_request: { ...request, head: { ...request.head, sha: head } } };
  writeFileSync(event, JSON.stringify({ ...job.event.payload, ...asked }));
  const standIns = [...usesIn(job.files)].map(([name, commit]) => [
    "--local-repository",
    `${repositoryOf(name)}@${commit}=${standIn(name, folder, given)}`,
  ]);
  const urls = { GITHUB_API_URL: url, GITHUB_GRAPHQL_URL: `${url}/graphql` };
  const flags = { "--secret": { GITHUB_TOKEN: token, ...job.secrets }, "--var": job.vars ?? {}, "--env": urls };
  const values = Object.entries(flags).flatMap(([flag, entries]) =>
    Object.entries(entries).flatMap(([name, value]) => [flag, `${name}=${value}`]),
  );
  const offline = `--action-offline-mode --no-cache-server --platform ubuntu-24.04=-self-hosted`.split(" ");
  const cache = ["--action-cache-path", join(folder, "runner")];
  const argv = [job.event.name, "--json", "--eventpath", event, ...offline, ...cache, ...values];
  try {
    const { stdout, stderr } = await run(join(TOOLS, "act"), [...argv, ...standIns.flat()], {
      ...{ cwd: job.repository, env: job.env, limitMs: 100_000 },
    });
    return ended(stdout.split("\n").flatMap(line), readIfThere(given) ?? "", stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The actions of other repositories that these files use, each with its commit. */
function usesIn(files: readonly string[]): Map<string, string> {
  const text = files.map((file) => readFileSync(file, "utf8")).join("\n");
  return new Map([...text.matchAll(USES)].map(([, name = "", commit = ""]) => [name, commit]));
}

const repositoryOf = (action: string): string => action.split("/").slice(0, 2).join("/");

/** Makes a stand-in for an action. Returns the folder of its repository. */
function standIn(action: string, folder: string, given: string): string {
  const root = join(folder, "actions", repositoryOf(action));
  const file = join(root, ...action.split("/").slice(2), "action.yml");
  const write = `require("fs").appendFileSync(${JSON.stringify(given)}, JSON.stringify({ action: ${JSON.stringify(action)}, inputs: JSON.parse(process.env.GIVEN) }) + "\\n")`;
  const script = [`node -e '${write}'`, DOES[action]?.(join(folder, "artifacts"))].join("\n");
  const step = { shell: "bash", env: { GIVEN: "${{ toJSON(inputs) }}" }, run: script };
  const inputs = Object.fromEntries(INPUTS.map((name) => [name, { required: false }]));
  mkdirSync(dirname(file), { recursive: true });
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ name: action, inputs, runs: { using: "composite", steps: [step] } }));
  return root;
}

/** The inputs that stand-ins write down: act hands on only those that an action declares. */
const INPUTS = ["aws-region", "name", "node-version", "path", "pulumi-version", "role-to-assume", "sarif_file"];

/** Stand-ins that do something, too: an artifact is a folder next to the actions. */
const DOES: Readonly<Record<string, (artifacts: string) => string>> = {
  "actions/upload-artifact": (to) => `mkdir "${to}"\ncp -R "\${{ inputs.path }}" "${to}/\${{ inputs.name }}"`,
  "actions/download-artifact": (from) => `cp -R "${from}/\${{ inputs.name }}/." .`,
};

const line = (text: string): Line[] => (text.startsWith("{") ? [JSON.parse(text) as Line] : []);

function ended(lines: readonly Line[], given: string, stderr: string) {
  const main = lines.filter(({ stage }) => stage === "Main");
  const commands = lines.filter(({ command }) => ["error", "warning", "notice"].includes(command ?? ""));
  const calls = given.split("\n").filter(Boolean);
  return {
    failed: lines.findLast(({ jobResult }) => jobResult !== undefined)?.jobResult !== "success",
    /** The names of the steps that were run, in order, those of the repository's own actions among them. */
    steps: main.flatMap(({ msg = "" }) => /^⭐ Run Main (.*)/s.exec(msg)?.[1]?.trim() ?? []),
    /** The texts on the job's page. */
    summary: lines.flatMap(({ command, content }) => (command === "summary" ? (content ?? "") : [])).join(""),
    annotations: commands.map(({ command: level = "", kvPairs: { file, line } = {} }) => ({ level, file, line })),
    /** The inputs of the stand-ins for actions, by the actions' names. */
    given: Object.fromEntries(
      calls.map((call) => {
        const { action, inputs } = JSON.parse(call) as { action: string; inputs: Record<string, string> };
        return [action, Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ""))];
      }),
    ),
    /** All that was printed. */
    log:
      lines
        .map(({ msg = "" }) => msg.trimEnd())
        .filter((text) => !/^(?:LocalRepositoryCache|GoGitAction)/.test(text))
        .join("\n") + stderr,
  };
}
