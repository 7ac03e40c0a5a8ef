/** The engine: a Pulumi CLI with the plugins that the tests need. */
import { dirname, join } from "node:path";
import { findCli, sources } from "./cli";
import type { Cli } from "./cli";
import { environment } from "./environment";
import type { Say } from "./files";
import { CACHE } from "./paths";
import { buildPlugins, PLUGINS, writeExecutable } from "./plugins";

/** How the CLI was found, and how to run it. */
export interface Engine extends Omit<Cli, "languageHost"> {
  /** Whether programs and packs are run by the host that the CLI comes with. */
  languageHost: "Pulumi's" | "stand-in";
  /** PATH and the rest, with the language host and the AWS stand-in. */
  env: NodeJS.ProcessEnv;
}

let found: Promise<Cli> | undefined;

/** The folder of the language host: the CLI's own, or else ours, beside a CLI that we have built. */
function languageHostOf(cli: Cli): string {
  if (cli.languageHost !== undefined) return cli.languageHost;
  const beside = cli.origin === "built" ? dirname(cli.pulumi) : join(CACHE, "bin/language-host");
  return writeExecutable(PLUGINS.languageHost, beside);
}

/**
 * Makes sure of a CLI, a Node.js language host and an AWS provider. Progress lines of long steps go to `say`. Looked for
 * once in a process.
 * @throws Error with one message that says what to install when there is no CLI and none can be made. There is no way to
 * skip the tests that need it.
 */
export async function engine(
  say: Say = (line) => {
    console.error(line);
  },
): Promise<Engine> {
  found ??= Promise.all([findCli(sources(), say), buildPlugins()]).then(([cli]) => cli);
  const cli = await found;
  const folders = [
    writeExecutable(PLUGINS.aws, join(CACHE, "bin/aws-provider")),
    writeExecutable(PLUGINS.data, join(CACHE, "bin/data")),
    dirname(cli.pulumi),
    languageHostOf(cli),
  ];
  const languageHost = cli.languageHost === undefined ? "stand-in" : "Pulumi's";
  return { ...cli, languageHost, env: environment(process.env, folders) };
}
