import { today as currentDay } from "../../policypack/face";
import { policies } from "../../policypack/face-with-policies";
import { existsSync, readFileSync } from "node:fs";
import { packageFolder, product } from "../own-package";
import { UsageError } from "../command";
import { ConfigError } from "../config";
import { checkFolder, clear, writeWhole } from "../report/files";
import { print } from "../report/neutral";
import type { Report } from "../report/report";
import type { Product } from "../report/repository";
import { sarif } from "../report/sarif";
import { parse, REPORT_KINDS, type BaselineOptions, type Options, type ReportKind } from "./args";
import { audit } from "./audit";
import { stacksOf } from "./backend";
import { baseline } from "./baseline";
import { NO_CONFIG, readConfig, type Config } from "./config";
import { csv } from "./csv";
import { statesIn } from "./files";
import { page } from "./html";
import { json } from "./json";
import { markdown } from "./markdown";
import { progress } from "./progress";
import { exitCodeOf, findingsOf, plural, type Audit, type ExitCode } from "./report";
import { SourceError } from "./sources";
import { text } from "./text";

export { USAGE } from "./args";

/** `s3-public-access-block audit`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const today = currentDay();
  try {
    return await evaluate(parse(argv, process.cwd(), today), product(packageFolder()), today);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    print(process.stderr, error.message);
    return 2;
  }
}

async function evaluate(options: Options, own: Product, today: string): Promise<ExitCode> {
  const { reports, files, parallel, acceptOtherStacks, expiringWithin } = options;
  if (options.baseline !== undefined) {
    refuseToReplace(options.baseline, options.config);
    checkFolder(options.baseline.file);
  }
  const config = options.config === undefined ? NO_CONFIG : configIn(options.config);
  for (const file of Object.values(reports)) clear(file);
  const sources = files === undefined ? await stacksOf(options) : statesIn(files);
  const bar = progress(sources.length, process.stderr);
  const result = await audit({
    ...{ sources, config, today, expiringWithin, acceptOtherStacks },
    isConfigured: options.config !== undefined,
    parallel: files === undefined ? parallel : 1, // Of a file only the evaluation takes time, of which there is one at a time.
    progress: bar.told,
  });
  bar.clear();
  for (const { text: line, style } of text(result)) print(process.stdout, line, style);
  for (const kind of REPORT_KINDS) {
    const file = reports[kind];
    if (file !== undefined) writeWhole(file, render(kind, result, own));
  }
  const exitCode = exitCodeOf(result);
  return options.baseline === undefined
    ? exitCode
    : writeBaseline(result, config, options.baseline, exitCode);
}

function configIn(file: string): Config {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  try {
    return readConfig(readFileSync(file, "utf8"), policies);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split("\n").map((line) => `\n  ${line}`);
    throw new SourceError(`The configuration ${file} is not valid:${lines.join("")}`);
  }
}

function refuseToReplace({ file, force }: BaselineOptions, config: string | undefined): void {
  if (force || !existsSync(file)) return;
  const hint =
    file === config
      ? "--force replaces it with itself and the baseline"
      : "give it as --config, too, if the baseline is to be added to it; --force replaces it";
  throw new UsageError(`${file} is there already: ${hint}`);
}

function writeBaseline(
  result: Audit,
  config: Config,
  { file, ...terms }: BaselineOptions,
  exitCode: ExitCode,
): ExitCode {
  const { text, added, leftOut } = baseline(result, config, terms);
  clear(file);
  writeWhole(file, text);
  print(process.stdout, `Wrote ${plural(added, "exemption")} until ${terms.expires} to ${file}.`);
  for (const urn of leftOut) {
    const why =
      terms.format === "pack"
        ? "the * in its URN would stand for other resources too"
        : "the CLI's own exceptions know nothing of what is inside of a resource";
    print(process.stdout, `Not exempted, since ${why}: ${urn}`);
  }
  if (exitCode === 2) print(process.stdout, "The stacks that could not be read have no exemptions in it.");
  if (exitCode === 1) return leftOut.length > 0 ? 1 : 0;
  return exitCode;
}

function render(kind: ReportKind, result: Audit, product: Product): string {
  switch (kind) {
    case "summary":
      return markdown(result);
    case "html":
      return page(result);
    case "json":
      return json(result);
    case "csv":
      return csv(result);
    case "sarif":
      return sarif(asReport(result), product);
  }
}

/** As the report of a preview. A position is relative to its project's folder, which is all that a state tells. */
function asReport(result: Audit): Report {
  const exitCode = exitCodeOf(result);
  return {
    stack: "audit",
    notes: [],
    verdict: exitCode === 2 ? "failed" : exitCode === 1 ? "blocked" : "passed",
    problems: result.unreadable.map(({ name, reason }) => `${name}: ${reason}`),
    packs: [],
    findings: findingsOf(result),
    remediations: [],
    manifest: "Pulumi.yaml",
  };
}
