#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { annotations } from "./annotations";
import { parse, REPORT_KINDS, type Options, type ReportKind, USAGE, UsageError } from "./args";
import { codeQuality } from "./code-quality";
import { clear, writeWhole } from "./files";
import { linker } from "./links";
import { log } from "./log";
import { configurations, type Configured } from "./lost-findings";
import { neutralReport, print } from "./neutral";
import { readEvents, readSteps, UnreadableError } from "./output";
import { ownPack } from "./own-pack";
import { findRoots, type Roots } from "./position";
import { failureOf, noVerdict, report, type Report, type Verdict } from "./report";
import { RunError, runPreview, type Run } from "./run";
import { sarif, type Product } from "./sarif";
import { summary } from "./summary";

const EXIT_CODES: Record<Verdict, number> = { passed: 0, blocked: 1, failed: 2 };

/** This package's own folder, which is a policy pack. */
function packageFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "PulumiPolicy.yaml"))) return folder;
  }
  throw new Error(`there is no PulumiPolicy.yaml above ${__dirname}`);
}

async function main(argv: readonly string[]): Promise<number> {
  const own = packageFolder();
  const options = parse(argv, process.cwd(), () => ownPack(own));
  if (options === undefined) {
    print(process.stdout, USAGE);
    return 0;
  }
  const roots = findRoots(options.cwd);
  if (roots === undefined) throw new UsageError(`there is no Pulumi.yaml in ${options.cwd} or above it`);
  for (const file of Object.values(options.reports)) clear(file);

  const result = neutralReport(await preview(options, roots));
  for (const line of log(result)) print(process.stdout, line);
  if (process.env.GITHUB_ACTIONS === "true") for (const line of annotations(result)) command(line);
  for (const kind of REPORT_KINDS) write(kind, options.reports[kind], result, own);
  return EXIT_CODES[result.verdict];
}

async function preview(options: Options, roots: Roots): Promise<Report> {
  const configured = configurations(options); // Before the program runs, as the CLI reads them.
  try {
    const run = await runPreview(options, (line) => {
      print(process.stderr, line);
    });
    return conclude(run, options, roots, configured);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return noVerdict([error.message], options.stack, roots.manifest);
  }
}

function conclude(
  { exitCode, stdout, eventLog }: Run,
  { packs, stack }: Options,
  roots: Roots,
  configured: Configured,
): Report {
  try {
    const output = { events: readEvents(eventLog), steps: readSteps(stdout) };
    return report(output, exitCode, packs.length, stack, roots, configured);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/**
 * The summary is written whatever happened. The other two have no way to say "no verdict": tools take one with no
 * finding for a pass and close what they had open. So they are left out then.
 */
function write(kind: ReportKind, file: string | undefined, result: Report, own: string): void {
  if (file === undefined || (result.verdict === "failed" && kind !== "summary")) return;
  writeWhole(file, render(kind, result, own));
}

function render(kind: ReportKind, result: Report, own: string): string {
  switch (kind) {
    case "sarif":
      return sarif(result, product(own));
    case "code-quality":
      return codeQuality(result);
    case "summary":
      return summary(result, linker(process.env));
  }
}

function product(own: string): Product {
  return JSON.parse(readFileSync(join(own, "package.json"), "utf8")) as Product;
}

/** A command to the runner that is the gate's own; its values are escaped. */
function command(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Node.js would end with 1 of what nobody catches, which here means something else. */
process.on("uncaughtException", (error) => {
  print(process.stderr, inspect(error));
  process.exit(EXIT_CODES.failed);
});

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    print(process.stderr, error instanceof UsageError ? `${error.message}\n\n${USAGE}` : inspect(error));
    process.exitCode = EXIT_CODES.failed;
  },
);
