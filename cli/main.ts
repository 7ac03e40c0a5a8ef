#!/usr/bin/env node
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { annotations } from "./report/annotations";
import { parse, REPORT_KINDS, type Options, type ReportKind, USAGE, UsageError } from "./preview/args";
import { codeQuality } from "./report/code-quality";
import { clear, ReportError, writeWhole } from "./report/files";
import { linker } from "./report/links";
import { log } from "./report/log";
import { configurations, type Configured } from "./preview/lost-findings";
import { neutralReport, print } from "./report/neutral";
import { readSteps, type Step, UnreadableError } from "./preview/output";
import { ownPack } from "./preview/own-pack";
import { findRoots, type Roots } from "./report/position";
import { failureOf, noVerdict, report, type Report, type Verdict } from "./report/report";
import { RunError, runPreview, type Run } from "./preview/run";
import { sarif, type Product } from "./report/sarif";
import { summary } from "./report/summary";
import { limitsOf, unjudged, withUnjudged } from "./preview/unjudged";

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

  // The verdict is told last, so that nobody reads "Passed" of a run whose reports are not there.
  const result = deliver(neutralReport(await preview(options, roots)), options, own);
  for (const line of log(result)) print(process.stdout, line);
  if (process.env.GITHUB_ACTIONS === "true") for (const line of annotations(result)) command(line);
  return EXIT_CODES[result.verdict];
}

async function preview(options: Options, roots: Roots): Promise<Report> {
  const configured = configurations(options); // Before the program runs, as the CLI reads them.
  try {
    const run = await runPreview(options, (line) => {
      print(process.stderr, line);
    });
    return await conclude(run, options, roots, configured);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return noVerdict([error.message], options.stack, roots.manifest);
  }
}

async function conclude(
  { exitCode, stdout, events }: Run,
  options: Options,
  roots: Roots,
  configured: Configured,
): Promise<Report> {
  const { packs, stack, extra, acceptUnjudged } = options;
  try {
    if (events instanceof UnreadableError) throw events;
    const output = { events, steps: readSteps(stdout) };
    const judged = report(output, exitCode, packs.length, stack, roots, configured);
    const placed = judged.findings.length === 0 ? judged : await inSource(judged, output.steps, roots);
    return withUnjudged(placed, unjudged(output.events, limitsOf(extra, process.env)), acceptUnjudged);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return noVerdict([...failureOf(exitCode), error.message], stack, roots.manifest);
  }
}

/** What reads the program's source is loaded only when something is found. It is a help: no verdict depends on it. */
async function inSource(judged: Report, steps: readonly Step[], roots: Roots): Promise<Report> {
  try {
    const { withSource } = await import("./source/with-source.js");
    return withSource(judged, steps, roots);
  } catch (error) {
    print(process.stderr, `The program's source was not read: ${inspect(error)}`);
    return judged;
  }
}

/** Writes the reports. Where one can't be written there is no verdict, and those that are there don't say another thing. */
function deliver(result: Report, { reports }: Options, own: string): Report {
  const writeAll = (what: Report): string[] =>
    REPORT_KINDS.flatMap((kind) => {
      try {
        write(kind, reports[kind], what, own);
        return [];
      } catch (error) {
        if (error instanceof ReportError) return [error.message];
        throw error;
      }
    });
  const failures = writeAll(result);
  if (failures.length === 0) return result;
  const failed = neutralReport({
    ...result,
    verdict: "failed",
    problems: [...result.problems, ...failures],
  });
  for (const kind of ["sarif", "code-quality"] as const) {
    const file = reports[kind];
    if (file !== undefined) discard(file);
  }
  writeAll(failed);
  return failed;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What is there instead of the report is not of this run.
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
    const isKnown = error instanceof UsageError || error instanceof ReportError;
    const text = isKnown ? error.message : inspect(error);
    print(process.stderr, error instanceof UsageError ? `${text}\n\n${USAGE}` : text);
    process.exitCode = EXIT_CODES.failed;
  },
);
