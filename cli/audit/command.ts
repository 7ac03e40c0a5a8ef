import { existsSync, readFileSync } from "node:fs";
import { today } from "../../policypack/face";
import { policies } from "../../policypack/face-with-policies";
import { UsageError } from "../command";
import { ConfigError } from "../config";
import { packageFolder, product } from "../own-package";
import { exitCodeOf } from "../report/audit";
import { checkFolder, clear, writeWhole } from "../report/files";
import { AUDIT_FORMATS } from "../report/formats";
import { auditLog } from "../report/log";
import { print } from "../report/neutral";
import { plural } from "../report/words";
import { type BaselineOptions, parse } from "./args";
import { audit } from "./audit";
import { stacksOf } from "./backend";
import { type Baseline, baseline } from "./baseline";
import { type Config, NO_CONFIG, readConfig } from "./config";
import { statesIn } from "./files";
import { progress } from "./progress";
import { SourceError } from "./sources";

export { USAGE } from "./args";

/** `s3-public-access-block audit`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await evaluate(argv, today());
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    print(process.stderr, error.message);
    return 2;
  }
}

async function evaluate(argv: readonly string[], day: string): Promise<number> {
  const options = parse(argv, process.cwd(), day);
  const { files, reports, baseline: wanted } = options;
  if (wanted !== undefined) checkBaseline(wanted, options.config);
  const config = options.config === undefined ? NO_CONFIG : configIn(options.config);
  for (const file of Object.values(reports)) clear(file);

  const sources = files === undefined ? await stacksOf(options) : statesIn(files);
  const bar = progress(sources.length, process.stderr);
  const result = await audit({
    ...{ ...options, sources, config, today: day },
    isConfigured: options.config !== undefined,
    parallel: files === undefined ? options.parallel : 1, // Of a file only the evaluation takes time, of which there is one at a time.
    progress: bar.told,
  });
  bar.clear();

  for (const line of auditLog(result)) print(process.stdout, line.text, line.style);
  const context = { product: product(packageFolder()), audit: result };
  for (const { name, render } of AUDIT_FORMATS) {
    const file = reports[name];
    if (file !== undefined) writeWhole(file, render(result.reports, context));
  }
  const exitCode = exitCodeOf(result);
  if (wanted === undefined) return exitCode;
  const made = baseline(result, config, wanted);
  writeBaseline(made, wanted, exitCode);
  return exitCode === 1 && made.leftOut.length === 0 ? 0 : exitCode;
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

/** Before any work is done. */
function checkBaseline({ file, force }: BaselineOptions, config: string | undefined): void {
  if (!force && existsSync(file)) {
    const hint =
      file === config
        ? "--force replaces it with itself and the baseline"
        : "give it as --config, too, if the baseline is to be added to it; --force replaces it";
    throw new UsageError(`${file} is there already: ${hint}`);
  }
  checkFolder(file);
}

function writeBaseline({ text, added, leftOut }: Baseline, wanted: BaselineOptions, exitCode: number): void {
  const { file, expires, format } = wanted;
  clear(file);
  writeWhole(file, text);
  const why =
    format === "pack"
      ? "the * in its URN would stand for other resources too"
      : "the CLI's own exceptions know nothing of what is inside of a resource";
  const unread = "The stacks that could not be read have no exemptions in it.";
  const lines = [
    `Wrote ${plural(added, "exemption")} until ${expires} to ${file}.`,
    ...leftOut.map((urn) => `Not exempted, since ${why}: ${urn}`),
    ...(exitCode === 2 ? [unread] : []),
  ];
  for (const line of lines) print(process.stdout, line);
}
