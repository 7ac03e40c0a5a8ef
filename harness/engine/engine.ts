/** The engine: a Pulumi CLI with the plugins that the tests need. */
import { dirname, join } from "node:path";
import { findCli, sources } from "./cli";
import type { Cli, Origin } from "./cli";
import { environment } from "./environment";
import { CACHE } from "./paths";
import { buildPlugins, PLUGINS, writeExecutable } from "./plugins";

/** How the CLI was found, and how to run it. */
export interface Engine {
  /** The absolute path of the pulumi executable. */
  pulumi: string;
  /** Its version, like v3.274.1. */
  version: string;
  origin: Origin;
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
 * once in a process. With `aws: false` the stand-in for the AWS provider is left out, and whatever is installed is used.
 * @throws Error with one message that says what to install when there is no CLI and none can be made. There is no way to
 * skip the tests that need it.
 */
export async function engine(
  say: (line: string) => void = (line) => {
    console.error(line);
  },
  options: { aws?: boolean } = {},
): Promise<Engine> {
  found ??= Promise.all([findCli(sources(), say), buildPlugins()]).then(([cli]) => cli);
  const cli = await found;
  const standIn = options.aws ?? true;
  const folders = [
    ...(standIn ? [writeExecutable(PLUGINS.aws, join(CACHE, "bin/aws-provider"))] : []),
    writeExecutable(PLUGINS.data, join(CACHE, "bin/data")),
    dirname(cli.pulumi),
    languageHostOf(cli),
  ];
  const { pulumi, version, origin } = cli;
  const languageHost = cli.languageHost === undefined ? "stand-in" : "Pulumi's";
  return { pulumi, version, origin, languageHost, env: environment(process.env, folders, standIn) };
}
