import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { execaSync } from "execa";

import { webAddress } from "../cli/report/repository";

const USAGE = "npm run publish:pulumi -- ORG";
const ROOT = process.cwd();
/** What is published: it has all that runs in it, and nothing for a consumer to install. */
const PACK = "dist/policypack";
const NO_REPOSITORY = "a repository without an address (git's remote origin has none), so the console shows none";

/** A reason not to publish; the message says what to do about it. */
class Stop extends Error {}

function run(command: string, args: string[], { cwd = ROOT, env = process.env } = {}) {
  const done = execaSync(command, args, { cwd, env, extendEnv: false, reject: false });
  if (done.code === undefined) return done;
  throw new Stop(`can't run ${command} (${done.originalMessage ?? ""}). Install it and try again.`);
}

/** The output of a command. @throws Stop with this message, and the command's own, when it fails */
function output(otherwise: string, ...call: Parameters<typeof run>): string {
  const { exitCode, stdout, stderr } = run(...call);
  if (exitCode === 0) return stdout;
  throw new Stop(`${otherwise}:\n${(stderr || stdout).trim().split("\n").slice(0, 20).join("\n")}`);
}

function requireLogin(org: string): void {
  const otherwise =
    "you are not logged in to Pulumi Cloud. Run `pulumi login`, or set PULUMI_ACCESS_TOKEN to a valid token";
  const printed = output(otherwise, "pulumi", ["whoami", "--json", "--non-interactive"]);
  const { user, organizations, url } = JSON.parse(printed) as { user: string; organizations?: string[]; url: string };
  if (!organizations)
    throw new Stop(`you are logged in to ${url}, which is not Pulumi Cloud. Run \`pulumi login\` first.`);
  if (!organizations.includes(org))
    throw new Stop(
      `${user} is not a member of the organization ${org} (but of: ${organizations.join(", ")}). ` +
        "Check the name, or log in to Pulumi Cloud as someone who may publish there.",
    );
}

function isPublished(org: string, name: string, version: string): boolean {
  const args = ["policy", "ls", org, "--json", "--non-interactive"];
  const printed = output(`can't list the policy packs of ${org}`, "pulumi", args);
  const packs = JSON.parse(printed) as { name: string; versions: string[] | null }[];
  return packs.find((pack) => pack.name === name)?.versions?.includes(version) ?? false;
}

function publish([org, ...rest]: string[]): void {
  if (!org || rest.length > 0 || !/^[\w.-]+$/.test(org)) throw new Stop(`name one organization: ${USAGE}`);
  const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
  const { name, version } = JSON.parse(manifest) as Record<"name" | "version", string>;
  // A published version can't be replaced, so it must be one that git can bring back.
  const changes = output("this is not a git checkout", "git", ["status", "--porcelain"]);
  if (changes.trim() !== "") {
    const hint = "Commit or stash them, then run again";
    throw new Stop(`the working tree has changes that are not committed. ${hint}:\n${changes}`);
  }
  requireLogin(org);
  if (isPublished(org, name, version))
    throw new Stop(
      `${org} already has ${name} ${version}, and a published version can't be replaced. ` +
        "Run `npm version patch` (or minor, or major), then publish again.",
    );

  // From nothing, so that no file of an earlier build is published.
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  // Where the pack comes from, for Pulumi Cloud to show: this very checkout.
  const repository = webAddress(run("git", ["remote", "get-url", "origin"]).stdout);
  const env = { ...process.env, PACK_REPOSITORY: repository ?? "" };
  output("the build failed. Fix it, then run again", "npm", ["run", "--silent", "build"], { env });
  const cwd = join(ROOT, PACK);
  if (!existsSync(join(cwd, "PulumiPolicy.yaml")))
    throw new Stop(`the build produced no policy pack in ${PACK}. Fix the build script, then run again.`);

  console.log(`Publishing ${name} ${version} to ${org}, from ${repository ?? NO_REPOSITORY} ...`);
  // The CLI would pack with Yarn for whoever prefers it, and of these only npm packs what is bundled.
  const withNpm = { cwd, env: { ...process.env, PULUMI_PREFER_YARN: "false" } };
  output("pulumi policy publish failed", "pulumi", ["policy", "publish", org, "--non-interactive"], withNpm);
  // The CLI does not look at the answer to its upload, so ask what has arrived.
  if (!isPublished(org, name, version))
    throw new Stop(`Pulumi Cloud does not list ${name} ${version} after the upload. Run again.`);
  console.log(`Published. It guards nothing until it is enabled. Advisory first, for every stack of ${org}:

  pulumi policy enable ${org}/${name} ${version} --config docs/samples/advisory.json

docs/organization.md describes the next steps.`);
}

try {
  publish(process.argv.slice(2));
} catch (e) {
  if (!(e instanceof Stop)) throw e;
  console.error(`Not published: ${e.message}`);
  process.exitCode = 1;
}
