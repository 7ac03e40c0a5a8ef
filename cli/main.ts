#!/usr/bin/env node
import { inspect } from "node:util";
import { type Command, EXIT_CODES, UsageError } from "./command";
import { didYouMean } from "../policypack/shared/suggest";
import { packageFolder, product } from "./own-package";
import { fixCommand } from "./fix/command";
import { previewCommand } from "./preview/command";
import { ReportError } from "./report/files";
import { print } from "./report/neutral";

/** The rooms of the command line. One that runs the policies in this process is a bundle of its own, loaded by its `run`. */
const COMMANDS: readonly Command[] = [
  previewCommand,
  {
    name: "audit",
    summary: "evaluate the stacks that there are, from a backend or from exported states",
    run: async (argv) => (await import("./audit/command.js")).auditCommand(without(argv, "audit")),
  },
  fixCommand,
  {
    name: "review",
    summary: "offer the fixes of a preview as suggested changes on a pull request",
    run: async (argv) => (await import("./review/command.js")).reviewCommand(without(argv, "review")),
  },
  {
    name: "note",
    summary: "keep a preview's summary as a note on a merge request in GitLab",
    run: async (argv) => (await import("./note/command.js")).noteCommand(without(argv, "note")),
  },
];

function without(argv: readonly string[], name: string): string[] {
  const at = argv.indexOf(name);
  return argv.filter((_, index) => index !== at);
}

const HELP = `Usage: s3-public-access-block COMMAND [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(26)}  ${summary}`).join("\n")}
  help COMMAND                print the options of a command
  --version                   print the version of this package`;

function named(name: string | undefined): Command | undefined {
  return COMMANDS.find((each) => each.name === name);
}

async function main(argv: readonly string[]): Promise<number> {
  const [first, second] = argv;
  if (first === "help" && second !== undefined && named(second) === undefined) {
    throw new UsageError(`there is no command "${second}"${meant(second)}`);
  }
  if (first === "--version") {
    print(process.stdout, product(packageFolder()).version);
    return EXIT_CODES.passed;
  }
  if (first === "--help" || first === "-h" || first === "help") {
    const asked = named(second);
    if (asked !== undefined && asked.usage === undefined) return asked.run([asked.name, "--help"]);
    print(process.stdout, asked?.usage ?? HELP);
    return EXIT_CODES.passed;
  }
  // The options may stand before the command, of which there is none that isn't told by its arguments.
  const command = named(first) ?? COMMANDS.find(({ name }) => argv.includes(name));
  if (command !== undefined) return command.run(argv);
  const names = COMMANDS.map(({ name }) => `"${name}"`).join(" or ");
  throw new UsageError(`expected the command ${names}, got ${first ?? "none"}${meant(first ?? "")}`);
}

function meant(word: string): string {
  const names = COMMANDS.map(({ name }) => name);
  return didYouMean(word, names, (name) => `"${name}"`);
}

/** Node.js would end with 1 of what nobody catches, which here means something else. */
process.on("uncaughtException", (error) => {
  print(process.stderr, inspect(error));
  process.exit(EXIT_CODES.failed);
});

function usageFor(argv: readonly string[]): string {
  return COMMANDS.find(({ name }) => argv.includes(name))?.usage ?? HELP;
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    const isKnown = error instanceof UsageError || error instanceof ReportError;
    const text = isKnown ? error.message : inspect(error);
    print(process.stderr, error instanceof UsageError ? `${text}\n\n${usageFor(process.argv)}` : text);
    process.exitCode = EXIT_CODES.failed;
  },
);
