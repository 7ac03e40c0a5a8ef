#!/usr/bin/env node
import { type Command, EXIT_CODES, traceOf, UsageError } from "./command";
import { didYouMean } from "../policypack/face";
import * as fix from "./fix/command";
import { packageFolder, product } from "./own-package";
import * as preview from "./gate/command";
import { print } from "./report/neutral";

interface Room {
  readonly USAGE: string;
  readonly run: Command["run"];
}

function command(name: string, summary: string, load: () => Room | Promise<Room>): Command {
  return {
    ...{ name, summary },
    help: async () => (await load()).USAGE,
    run: async (argv) => (await load()).run(argv),
  };
}

/** The rooms of the command line. Of some the code is a bundle of its own, which is loaded when it is asked for. */
const COMMANDS: readonly Command[] = [
  command("preview", "preview a stack under policy packs and report every finding", () => preview),
  command(
    "audit",
    "evaluate the stacks that there are, from a backend or from exported states",
    () => import("./audit/command.js"),
  ),
  command("fix", "change the program so that its preview passes", () => fix),
  command(
    "comment",
    "bring a preview's summary and its fixes to a pull request or a merge request",
    () => import("./comment/command.js"),
  ),
];

const PROGRAM = "s3-public-access-block";
const HELP = `Usage: ${PROGRAM} COMMAND [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(26)}  ${summary}`).join("\n")}
  help COMMAND                print the options of a command
  version                     print the version of this package`;

async function main([first, ...rest]: readonly string[]): Promise<number> {
  if (first === "version" || first === "--version" || first === "-v") {
    print(process.stdout, product(packageFolder()).version);
    return EXIT_CODES.passed;
  }
  const isHelp = first === "help" || first === "--help" || first === "-h";
  const name = isHelp ? rest[0] : first;
  const asked = COMMANDS.find((each) => each.name === name);
  if (asked === undefined && !(isHelp && name === undefined)) {
    const names = COMMANDS.map((each) => each.name);
    if (name === undefined) throw new UsageError(`name a command: ${names.join(", ")}`);
    throw new UsageError(
      `there is no command "${name}"${didYouMean(name, [...names, "help", "version"], (each) => `"${each}"`)}`,
    );
  }
  const own = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : undefined);
  const isHelpOfCommand = isHelp || own.includes("--help") || own.includes("-h");
  if (asked !== undefined && !isHelpOfCommand) return asked.run(rest);
  print(process.stdout, asked === undefined ? HELP : await asked.help());
  return EXIT_CODES.passed;
}

/** Of what a person can mend, the message is enough. It comes last: below a whole help nobody would see it. */
function explain(error: unknown, [first]: readonly string[]): void {
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  const command = COMMANDS.some((each) => each.name === first) ? ` ${first ?? ""}` : "";
  const hint = name === "UsageError" ? `\nSee ${PROGRAM}${command} --help.` : "";
  print(process.stderr, ["UsageError", "ReportError"].includes(name) ? message + hint : traceOf(error));
}

/** Node.js would end with 1 of what nobody catches, which here means something else. */
process.on("uncaughtException", (error) => {
  print(process.stderr, traceOf(error));
  process.exit(EXIT_CODES.failed);
});

const argv = process.argv.slice(2);
main(argv).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    explain(error, argv);
    process.exitCode = EXIT_CODES.failed;
  },
);
