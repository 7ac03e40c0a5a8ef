import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { git, webAddress } from "../cli/report/repository";

const USAGE = "npm run publish:pulumi -- ORG";
const ROOT = process.cwd();
/** The folder to publish: it has all that runs in it, and nothing for a consumer to install. */
const PACK = join(ROOT, "dist/policypack");

/** The output of a command. @throws Error with this message, and the command's own, when it fails */
function output(otherwise: string, command: string, args: string[], { cwd = ROOT, env = process.env } = {}): string {
  const done = execaSync(command, args, { cwd, env, extendEnv: false, reject: false });
  if (done.code !== undefined)
    throw new Error(`can't run ${command} (${done.originalMessage ?? ""}). Install it and try again.`);
  if (done.exitCode === 0) return done.stdout;
  throw new Error(`${otherwise}:\n${(done.stderr || done.stdout).trim().split("\n").slice(0, 20).join("\n")}`);
}

const pulumi = (otherwise: string, args: string[], more = {}): string =>
  output(otherwise, "pulumi", [...args, "--non-interactive"], more);

function requireLogin(org: string): void {
  const otherwise =
    "you are not logged in to Pulumi Cloud. Run `pulumi login`, or set PULUMI_ACCESS_TOKEN to a valid token";
  const printed = pulumi(otherwise, ["whoami", "--json"]);
  const { user, organizations, url } = JSON.parse(printed) as { user: string; organizations?: string[]; url: string };
  if (!organizations)
    throw new Error(`you are logged in to ${url}, which is not Pulumi Cloud. Run \`pulumi login\` first.`);
  if (organizations.includes(org)) return;
  const hint = "Check the name, or log in to Pulumi Cloud as someone who may publish there.";
  throw new Error(`${user} is not a member of the organization ${org} (but of: ${organizations.join(", ")}). ${hint}`);
}

function isPublished(org: string, name: string, version: string): boolean {
  const printed = pulumi(`can't list the policy packs of ${org}`, ["policy", "ls", org, "--json"]);
  const packs = JSON.parse(printed) as { name: string; versions: string[] | null }[];
  return packs.find((pack) => pack.name === name)?.versions?.includes(version) ?? false;
}

function publish([org, ...rest]: string[]): void {
  if (!org || rest.length > 0 || !/^[\w.-]+$/.test(org)) throw new Error(`name one organization: ${USAGE}`);
  const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
  const { name, version } = JSON.parse(manifest) as Record<"name" | "version", string>;
  // A published version can't be replaced, so it must be one that git can bring back.
  const changes = output("this is not a git checkout", "git", ["status", "--porcelain"]);
  const hint = "Commit or stash them, then run again";
  if (changes.trim() !== "")
    throw new Error(`the working tree has changes that are not committed. ${hint}:\n${changes}`);
  requireLogin(org);
  if (isPublished(org, name, version))
    throw new Error(
      `${org} already has ${name} ${version}, and a published version can't be replaced. ` +
        "Run `npm version patch` (or minor, or major), then publish again.",
    );

  // From nothing, so that no file of an earlier build is published; with the address of this checkout, for Pulumi Cloud to show.
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  const repository = webAddress(git(ROOT, "remote", "get-url", "origin"));
  const env = { ...process.env, PACK_REPOSITORY: repository ?? "" };
  output("the build failed. Fix it, then run again", "npm", ["run", "--silent", "build"], { env });
  const from =
    repository ?? "a repository without an address (git's remote origin has none), so the console shows none";
  console.log(`Publishing ${name} ${version} to ${org}, from ${from} ...`);
  // The CLI would pack with Yarn for whoever prefers it, and of these only npm packs what is bundled.
  const withNpm = { cwd: PACK, env: { ...process.env, PULUMI_PREFER_YARN: "false" } };
  pulumi("pulumi policy publish failed", ["policy", "publish", org], withNpm);
  // The CLI does not look at the answer to its upload, so ask what has arrived.
  if (!isPublished(org, name, version))
    throw new Error(`Pulumi Cloud does not list ${name} ${version} after the upload. Run again.`);
  console.log(`Published. It guards nothing until it is enabled. Advisory first, for every stack of ${org}:

  pulumi policy enable ${org}/${name} ${version} --config docs/samples/advisory.json

docs/organization.md describes the next steps.`);
}

try {
  publish(process.argv.slice(2));
} catch (error) {
  console.error(`Not published: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
