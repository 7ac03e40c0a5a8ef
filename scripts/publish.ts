import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { execaSync } from "execa";

import { webAddress } from "../cli/report/repository";

const USAGE = "npm run publish:pulumi -- ORG";

/** What is published, below the project's root: it has all that runs in it, and nothing for a consumer to install. */
const PACK = "dist/policypack";

const NO_REPOSITORY = "a repository without an address (git's remote origin has none), so the console shows none";

/** A reason not to publish; the message says what to do about it. */
class Stop extends Error {}

interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end; a command that is not there is a reason to stop. */
function run(command: string, args: string[], cwd: string, env = process.env): Output {
  const done = execaSync(command, args, { cwd, env, extendEnv: false, reject: false });
  if (done.code !== undefined)
    throw new Stop(`can't run ${command} (${done.originalMessage ?? ""}). Install it and try again.`);
  return { code: done.exitCode ?? 1, stdout: done.stdout, stderr: done.stderr };
}

const firstLines = ({ stdout, stderr }: Output): string =>
  (stderr || stdout).trim().split("\n").slice(0, 20).join("\n");

/** A published version can't be replaced, so it must be one that git can bring back. */
function requireCleanTree(root: string): void {
  const status = run("git", ["status", "--porcelain"], root);
  if (status.code !== 0) throw new Stop(`this is not a git checkout: ${firstLines(status)}`);
  if (status.stdout.trim() !== "") {
    throw new Stop(
      `the working tree has changes that are not committed. Commit or stash them, then run again:\n${status.stdout.trimEnd()}`,
    );
  }
}

function requireLogin(root: string, org: string): void {
  const who = run("pulumi", ["whoami", "--json", "--non-interactive"], root);
  if (who.code !== 0) {
    throw new Stop(
      `you are not logged in to Pulumi Cloud. Run \`pulumi login\`, or set PULUMI_ACCESS_TOKEN to a valid token:\n${firstLines(who)}`,
    );
  }
  const { user, organizations, url } = JSON.parse(who.stdout) as {
    user: string;
    organizations?: string[];
    url: string;
  };
  if (!organizations) {
    throw new Stop(`you are logged in to ${url}, which is not Pulumi Cloud. Run \`pulumi login\` first.`);
  }
  if (!organizations.includes(org)) {
    throw new Stop(
      `${user} is not a member of the organization ${org} (but of: ${organizations.join(", ")}). ` +
        "Check the name, or log in to Pulumi Cloud as someone who may publish there.",
    );
  }
}

/** The versions of the pack that the organization has. */
function publishedVersions(root: string, org: string, name: string): string[] {
  const list = run("pulumi", ["policy", "ls", org, "--json", "--non-interactive"], root);
  if (list.code !== 0) throw new Stop(`can't list the policy packs of ${org}:\n${firstLines(list)}`);
  const packs = JSON.parse(list.stdout) as { name: string; versions: string[] | null }[];
  return packs.find((pack) => pack.name === name)?.versions ?? [];
}

/** Where the pack comes from, for Pulumi Cloud to show: the remote `origin` of this very checkout. */
function repositoryOf(root: string): string | undefined {
  return webAddress(run("git", ["remote", "get-url", "origin"], root).stdout);
}

function build(root: string, repository: string | undefined): void {
  // From nothing, so that no file of an earlier build is published.
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const built = run("npm", ["run", "--silent", "build"], root, { ...process.env, PACK_REPOSITORY: repository ?? "" });
  if (built.code !== 0) throw new Stop(`the build failed. Fix it, then run again:\n${firstLines(built)}`);
}

function publish(root: string, args: string[]): void {
  const [org, ...rest] = args;
  if (!org || rest.length > 0 || !/^[\w.-]+$/.test(org)) throw new Stop(`name one organization: ${USAGE}`);
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
    "name" | "version",
    string
  >;
  requireCleanTree(root);
  requireLogin(root, org);
  if (publishedVersions(root, org, name).includes(version)) {
    throw new Stop(
      `${org} already has ${name} ${version}, and a published version can't be replaced. ` +
        "Run `npm version patch` (or minor, or major), then publish again.",
    );
  }
  const repository = repositoryOf(root);
  build(root, repository);
  const folder = join(root, PACK);
  if (!existsSync(join(folder, "PulumiPolicy.yaml")))
    throw new Stop(`the build produced no policy pack in ${PACK}. Fix the build script, then run again.`);

  console.log(`Publishing ${name} ${version} to ${org}, from ${repository ?? NO_REPOSITORY} ...`);
  // The CLI would pack with Yarn for whoever prefers it, and of these only npm packs what is bundled.
  const env = { ...process.env, PULUMI_PREFER_YARN: "false" };
  const published = run("pulumi", ["policy", "publish", org, "--non-interactive"], folder, env);
  if (published.code !== 0) throw new Stop(`pulumi policy publish failed:\n${firstLines(published)}`);
  // The CLI does not look at the answer to its upload, so ask what has arrived.
  if (!publishedVersions(root, org, name).includes(version)) {
    throw new Stop(`Pulumi Cloud does not list ${name} ${version} after the upload. Run again.`);
  }
  console.log(`Published. It guards nothing until it is enabled. Advisory first, for every stack of ${org}:

  pulumi policy enable ${org}/${name} ${version} --config docs/samples/advisory.json

docs/organization.md describes the next steps.`);
}

try {
  publish(process.cwd(), process.argv.slice(2));
} catch (e) {
  if (!(e instanceof Stop)) throw e;
  console.error(`Not published: ${e.message}`);
  process.exitCode = 1;
}
