import { spawnSync } from "node:child_process";
import { fits } from "../shape";
import type { Product } from "./report";

/** The output of git; empty where it fails, or isn't there. */
export function git(cwd: string, ...args: readonly string[]): string {
  const { status, stdout } = spawnSync("git", args, { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "";
}

/** The Pulumi.yaml of each project in the folder, as far as git doesn't ignore it. */
export function projectsIn(cwd: string): string[] {
  const files = git(cwd, "ls-files", "-z", "--cached", "--others", "--exclude-standard", ":(glob)**/Pulumi.y*ml");
  return files.split("\0").filter(Boolean);
}

/**
 * The web address of a repository, from that of a git remote: without a user and a password, which may be a token.
 * @returns undefined for a remote that isn't a host's, such as a folder
 */
export function webAddress(remote: string): string | undefined {
  const scp = /^(?:[^/:@]+@)?([^/:@.]+\.[^/:@]+):([^/:].*)$/.exec(remote.trim());
  const text = scp === null ? remote.trim() : `ssh://${scp[1] ?? ""}/${scp[2] ?? ""}`;
  if (!/^(https?|ssh|git):\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, host, hostname, pathname, search, hash } = new URL(text);
  const path = pathname.replace(/(?<!\/)\/+$/, "").replace(/\.git$/, "");
  if (search !== "" || hash !== "" || /^\/*$/.test(path)) return undefined;
  return protocol.startsWith("http") ? `${protocol}//${host}${path}` : `https://${hostname}${path}`;
}

/** The part of a package.json that says where the package is on the web. Not checked: whoever publishes it writes it. */
export type Manifest = Readonly<{ version: string; homepage?: unknown; repository?: unknown }>;

/** Hosts of npm's short forms (package.json's documentation, "repository"). */
const HOSTS: Record<string, string> = { github: "github.com", gitlab: "gitlab.com", bitbucket: "bitbucket.org" };

/** The manifest's data; a value that is no address is left out. */
export function readProduct({ version, homepage, repository }: Manifest): Product {
  const isObject = typeof repository === "object" && repository !== null;
  const { url, directory }: Record<string, unknown> = isObject ? { ...repository } : { url: repository };
  const address = typeof url === "string" ? webAddress(longForm(url)) : undefined;
  const page = fits(homepage, /^https?:\/\//) && URL.canParse(homepage) ? homepage : address;
  const folders = typeof directory === "string" ? directory.split("/").filter(Boolean) : [];
  const below = ["", ...folders.map(encodeURIComponent)].join("/");
  return { version, ...(page && { homepage: page }), ...(address && { sources: `${address}/blob/HEAD${below}` }) };
}

function longForm(repository: string): string {
  const [, host = "github", path] = /^(?:(\w+):)?([\w.-]+\/[\w.-]+)$/.exec(repository) ?? [];
  const known = HOSTS[host];
  return path === undefined || known === undefined ? repository.replace(/^git\+/, "") : `https://${known}/${path}`;
}
