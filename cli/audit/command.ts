import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { today } from "../../policypack/face";
import { UsageError } from "../command";
import { type Config, ConfigError, NO_CONFIG, readConfig } from "../config";
import { shellQuoted, STDOUT } from "../options";
import { calledAs, product } from "../own-package";
import { exitCodeOf, unreadableIn } from "../report/audit";
import { checkFolder, clear, writeWhole } from "../report/files";
import { AUDIT_FORMATS } from "../report/formats";
import { json } from "../report/json";
import { linkerOfProjects } from "../report/links";
import { auditLog, commandLine } from "../report/log";
import { print } from "../report/neutral";
import { InterruptedError } from "../pulumi/cli";
import { exceptionsOf } from "../pulumi/exceptions";
import { resumable } from "./resume";
import { repositoryOf } from "../report/position";
import { BUCKET_POLICY, LIVE } from "../report/rules";
import { plural } from "../report/words";
import { waiting } from "../waiting";
import { type BaselineOptions, type Options, parse } from "./args";
import { audit } from "./audit";
import { stacksOf } from "./backend";
import { type Baseline, baseline } from "./baseline";
import { compared, formersOf, historyFile } from "./compare";
import { SourceError, statesIn } from "./files";
import { ownersOf } from "./owners";
import { clearSplit, splitByOwner } from "./split";

export { USAGE } from "./args";

/** `s3-public-access-block audit`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    return await evaluate(argv, today());
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof InterruptedError)) throw error;
    const hint = error instanceof InterruptedError ? ". With --resume FILE an audit goes on where it was" : "";
    print(process.stderr, error.message + hint);
    return 2;
  }
}

async function evaluate(argv: readonly string[], day: string): Promise<number> {
  const options = parse(argv, process.cwd(), day);
  const { files, reports, quiet, live, resume, out: folder, history, baseline: wanted } = options;
  if (wanted !== undefined) checkBaseline(wanted, options.config);
  const config = options.config === undefined ? undefined : configIn(options.config);
  const formers = formersOf(options, day);
  for (const file of Object.values(reports)) clear(file);

  const listed = files.length === 0 ? await stacksOf(options) : statesIn(files, options.config);
  const sources = resume === undefined ? listed : resumable(listed, resume, [options.organization, options.stacks]);
  const cloud = files.length === 0 ? await exceptionsOf(sources, config ?? NO_CONFIG) : undefined;
  const withOwners = await ownersOf(options, sources, repositoryOf(process.cwd()));
  if (folder !== undefined) clearSplit(folder);
  let status = "";
  const { stop } = waiting(process.stderr, () => status, quiet);
  const found = await audit({
    ...options,
    sources,
    ...{ config, cloud },
    today: day,
    jobs: files.length === 0 ? options.jobs : 1, // With files only the evaluation takes time, and that runs one at a time.
    ask:
      live &&
      (async (targets) => {
        // With AWS's SDK, which takes longer to load than most audits take.
        const { ask } = await import("../live/ask.js");
        const of = `of ${plural(targets.length, "bucket")}`;
        return ask({ ...live, targets, progress: (done) => (status = `${done} ${of} looked up in S3`) });
      }),
    progress: (done, name) => (status = `${done} of ${plural(sources.length, "stack")} read, the last ${name}`),
  }).finally(stop);
  const isOff = (policy: string): boolean => config?.of(policy === LIVE ? BUCKET_POLICY : policy).level === "disabled";
  const result = { ...compared(withOwners(found), formers, isOff), newOnly: options.newOnly };

  const exitCode = exitCodeOf(result);
  const out = Object.values(reports).includes(STDOUT) ? process.stderr : process.stdout;
  const say: typeof print = quiet && exitCode !== 2 ? () => undefined : print;
  for (const line of auditLog(result)) say(out, line.text, line.style);
  const whole = AUDIT_FORMATS.flatMap(({ name, render }) => {
    const file = reports[name];
    return file === undefined ? [] : [{ file, render, audit: result }];
  });
  const asked = [...whole, ...(folder === undefined ? [] : splitByOwner(result, folder, Object.keys(reports)))];
  const isWhole = unreadableIn(result).length === 0;
  if (history !== undefined && isWhole) asked.push({ file: historyFile(history, day), render: json, audit: result });
  const link = asked.length === 0 ? undefined : linkerOfProjects(process.cwd(), process.env);
  const context = { product: product(), time: new Date().toISOString(), link };
  // Stdout comes last: what is there can't be taken back.
  asked.sort((one, other) => Number(one.file === STDOUT) - Number(other.file === STDOUT));
  for (const { file, render, audit } of asked) writeWhole(file, render(audit.reports, { ...context, audit }));
  if (history !== undefined && !isWhole) say(out, `Not added to ${history}, since not every stack could be read.`);
  if (wanted === undefined) return exitCode;
  const made = baseline(result, config ?? NO_CONFIG, wanted);
  clear(wanted.file);
  writeWhole(wanted.file, made.text);
  for (const line of [...outcomeOf(made, wanted, exitCode), ...nextOf(options, wanted)]) say(out, line);
  return exitCode === 1 && made.leftOut.length === 0 ? 0 : exitCode;
}

function configIn(file: string): Config {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const problems: string[] = [];
  try {
    const config = readConfig(readFileSync(file, "utf8"));
    const hint = "of Pulumi ESC is not opened by the audit. Write its policyConfig into a copy of this file";
    problems.push(...config.problems, ...config.environments.map((name) => `environments: ${name} ${hint}`));
    if (problems.length === 0) return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(error.message);
  }
  throw new SourceError([`The configuration ${file} is not valid:`, ...problems].join("\n  "));
}

/** Before any work is done. */
function checkBaseline({ file, force }: BaselineOptions, config: string | undefined): void {
  checkFolder(file);
  if (force || !existsSync(file)) return;
  const toAdd = "give it as --config, too, if the baseline is to be added to it; --force replaces it";
  const hint = file === config ? "--force replaces it with itself and the baseline" : toAdd;
  throw new UsageError(`${file} is there already: ${hint}`);
}

function outcomeOf({ added, leftOut }: Baseline, { file, expires, format }: BaselineOptions, exitCode: number) {
  const why =
    format === "pack"
      ? "the * in its URN would stand for other resources too"
      : "the CLI's own exceptions can't name a part of a resource";
  return [
    `Wrote ${plural(added, "exemption")} until ${expires} to ${file}.`,
    ...leftOut.map((urn) => `Not exempted, since ${why}: ${urn}`),
    ...(exitCode === 2 ? ["The stacks that could not be read have no exemptions in it."] : []),
  ];
}

/** The commands that use a baseline, and that report when its exemptions run out. */
function nextOf({ files, stacks, organization }: Options, { file }: BaselineOptions): string[] {
  const sources = [...files.map((each) => ["--file", each]), ...stacks.map((each) => ["--stack", each])].flat();
  const within = organization === undefined ? [] : ["--organization", organization];
  const line = (label: string, ...words: readonly string[]): string =>
    commandLine(
      label,
      [calledAs(), ...[...words, "--config", relative(process.cwd(), file)].map(shellQuoted)].join(" "),
    );
  return [
    line("use it", "preview"),
    line("watch it", "audit", ...(sources.length === 0 ? ["--all"] : sources), ...within),
  ];
}
