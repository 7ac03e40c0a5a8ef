#!/usr/bin/env node
import { EXIT_CODES, PROGRAM, traceOf, UsageError } from "./command";
import { didYouMean } from "../policypack/face";
import * as completion from "./completion";
import * as exempt from "./exempt/command";
import * as fix from "./fix/command";
import { calledAs, product } from "./own-package";
import * as preview from "./gate/command";
import { print } from "./report/neutral";

/** A command is a folder with a `command.ts`, and a line here. */
interface Room {
  /** The text that `--help` prints. */
  readonly USAGE: string;
  /** Runs with the arguments after the command's name. Returns the exit code. @throws UsageError */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

/** Some are a bundle of their own, which is loaded when it is asked for. */
const COMMANDS: readonly (readonly [name: string, summary: string, load: () => Room | Promise<Room>])[] = [
  ["preview", "preview a stack under policy packs and report every finding", () => preview],
  ["audit", "check existing stacks, from a backend or from exported state files", () => import("./audit/command.js")],
  ["fix", "change the program so that its preview passes", () => fix],
  ["exempt", "exempt a bucket from the policies that block it", () => exempt],
  ["explain", "print what a policy asks for, why, and how to pass it", () => import("./explain/command.js")],
  ["comment", "bring a preview's summary and fixes to a pull or merge request", () => import("./comment/command.js")],
  ["init", "write a workflow, a configuration and CODEOWNERS for this repository", () => import("./init/command.js")],
  [
    "completion",
    "print what completes this command line in bash, zsh or fish",
    () => ({ USAGE: completion.USAGE, run: (argv) => completion.completion(COMMANDS, argv) }),
  ],
];

const NAMES = COMMANDS.map(([name]) => name);
const HELP = `Usage: ${PROGRAM} COMMAND [options]

${COMMANDS.map(([name, summary]) => `  ${name.padEnd(26)}  ${summary}`).join("\n")}
  help COMMAND                print the options of a command
  version                     print the version of this package`;

async function main([first, ...rest]: readonly string[]): Promise<number> {
  const isHelp = first === "help" || first === "--help" || first === "-h";
  const isVersion = first === "version" || first === "--version" || first === "-v";
  const name = isHelp ? rest[0] : first;
  if (isVersion || (isHelp && name === undefined)) {
    print(process.stdout, isVersion ? product().version : HELP);
    return EXIT_CODES.passed;
  }
  if (name === undefined) throw new UsageError(`name a command: ${NAMES.join(", ")}`);
  const [, , load] = COMMANDS.find(([each]) => each === name) ?? [];
  if (load === undefined) {
    const meant = didYouMean(name, [...NAMES, "help", "version"], (each) => `"${each}"`);
    throw new UsageError(`there is no command "${name}"${meant}`);
  }
  const { USAGE, run } = await load();
  const own = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : undefined);
  if (!isHelp && !own.includes("--help") && !own.includes("-h")) return run(rest);
  print(process.stdout, USAGE);
  return EXIT_CODES.passed;
}

/** Of what a person can mend, the message is enough. It comes last: below a whole help nobody would see it. */
function complain(error: unknown, [first]: readonly string[]): number {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  const command = first !== undefined && NAMES.includes(first) ? ` ${first}` : "";
  const hint = name === "UsageError" ? `\nSee ${calledAs()}${command} --help.` : "";
  print(process.stderr, ["UsageError", "ReportError"].includes(name) ? message + hint : traceOf(error));
  return EXIT_CODES.failed;
}

/** Node.js would end with 1 of what nobody catches, which here means something else. */
process.on("uncaughtException", (error) => {
  print(process.stderr, traceOf(error));
  process.exit(EXIT_CODES.failed);
});

const argv = process.argv.slice(2);
void main(argv)
  .catch((error: unknown) => complain(error, argv))
  .then((exitCode) => (process.exitCode = exitCode));
