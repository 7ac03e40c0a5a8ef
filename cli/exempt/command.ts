import { join, relative, sep } from "node:path";
import { today } from "../../policypack/face";
import { EXIT_CODES, UsageError } from "../command";
import { CONFIG_FILE } from "../config";
import { DEFAULTS } from "../fix/args";
import { previewed } from "../fix/command";
import { packsIn } from "../gate/args";
import { withFound } from "../gate/previews";
import { type CommandLine, day, flag, one, path, readArguments, text, usage } from "../options";
import { ownPack } from "../own-package";
import { ask, textOf } from "../pulumi/cli";
import { wordsFor } from "../pulumi/exceptions";
import { print } from "../report/neutral";
import { OWN } from "../report/rules";
import help from "./help.json";

const { options: HELP, messages: SAY, ...ABOUT } = help;

const COMMAND = {
  ...ABOUT,
  options: {
    reason: one("TEXT", HELP.reason, text),
    expires: one("DAYS|DAY", HELP.expires, day),
    "approved-by": one("NAME", HELP["approved-by"], text),
    stack: one("NAME", HELP.stack, text),
    cwd: one("DIR", HELP.cwd, path),
    "policy-pack": one("DIR", HELP["policy-pack"], path),
    config: one("FILE", HELP.config, path),
    cloud: flag(HELP.cloud),
    "dry-run": flag(HELP["dry-run"]),
  },
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

export async function run(argv: readonly string[]): Promise<number> {
  const { values, names, extra } = readArguments(COMMAND, argv);
  const { reason, expires, "approved-by": approvedBy, stack, cwd = process.cwd(), config, cloud } = values;
  if (names.length === 0) throw new UsageError(SAY.noName);
  if (reason === undefined) throw new UsageError(SAY.noReason);
  const { "policy-pack": pack, "dry-run": dryRun } = values;
  if (pack !== undefined && config === undefined) throw new UsageError(SAY.noConfig);
  if (cloud && (config ?? approvedBy) !== undefined) throw new UsageError(SAY.noCloudConfig);
  const configs = config === undefined ? [] : [config];
  const named = cloud ? "none" : pack;
  const packs = packsIn({ "policy-pack": named === undefined ? [] : [named], config: configs }, extra, ownPack);
  const options = { ...DEFAULTS, ...packs, stacks: stack === undefined ? [] : [stack], projects: [cwd] };
  const found = await previewed(options);
  if (found === undefined) return EXIT_CODES.failed;
  const { change, meant } = await import("./change.js");
  const { report, target } = found;
  const { project, repository } = target.roots;
  const isRequired = report.packs.some((pack) => pack.name === OWN && pack.isRequired === true);
  const results = names.map((name) => meant(name, report));
  const wanted = results.flatMap((each) => (typeof each === "string" ? [] : each));
  const blocking = report.findings.filter(
    ({ blocks, ...one }) => blocks && wanted.some(({ policy, urn }) => one.policy === policy && one.urn === urn),
  );
  const problems =
    isRequired === cloud
      ? results.filter((each) => typeof each === "string")
      : [isRequired ? SAY.required : SAY.notRequired];
  const isAskable = blocking.length > 0 && blocking.every((each) => each.request !== undefined);
  if (cloud && problems.length === 0 && !isAskable) problems.push(SAY.unexceptable);
  if (problems.length > 0) {
    for (const each of [...problems, SAY.unchanged]) print(process.stderr, each);
    return EXIT_CODES.blocked;
  }
  if (cloud) {
    // Until the end of the last day (UTC), in whole hours.
    const hours = Math.max(1, Math.floor((Date.parse(`${expires ?? ""}T24:00:00Z`) - Date.now()) / 3_600_000));
    const lasts = expires === undefined ? [] : ["--expires-in", `${hours}h`];
    const terms = ["--preview", "--reason", reason, ...lasts, dryRun ? "--dry-run" : "--yes"];
    let failed = false;
    for (const finding of blocking) {
      const finished = await ask([...wordsFor(finding, target.stack), ...terms], { cwd: target.cwd });
      // The CLI says what came of it: with approval wanted it is a change request.
      print(process.stderr, `${textOf(finished)}${finished.stderr}`.trim());
      failed ||= finished.exitCode !== 0 || finished.stderr.includes("No violations");
    }
    return EXIT_CODES[failed ? "failed" : "passed"];
  }
  const [file = join(project, CONFIG_FILE)] = withFound(options, target.roots).configs;
  const shown = relative(repository, file).split(sep).join("/");
  const given = { ...(expires !== undefined && { expires }), ...(approvedBy !== undefined && { approvedBy }) };
  return change(file, shown, wanted, { reason, since: today(), ...given }, dryRun);
}
