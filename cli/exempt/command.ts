import { join, relative, sep } from "node:path";
import { EXIT_CODES, UsageError } from "../command";
import { CONFIG_FILE } from "../config";
import { DEFAULTS } from "../fix/args";
import { previewed } from "../fix/command";
import { packsIn } from "../gate/args";
import { withFound } from "../gate/previews";
import { type CommandLine, day, flag, one, path, readArguments, text, usage } from "../options";
import { ownPack } from "../own-package";
import { print } from "../report/neutral";
import { OWN } from "../report/rules";
import help from "./help.json";

const { options: HELP, ...ABOUT } = help;

const COMMAND = {
  name: "exempt",
  ...ABOUT,
  options: {
    reason: one("TEXT", HELP.reason, text),
    expires: one("DAYS|DAY", HELP.expires, day),
    "approved-by": one("NAME", HELP["approved-by"], text),
    stack: one("NAME", HELP.stack, text),
    cwd: one("DIR", HELP.cwd, path),
    "policy-pack": one("DIR", HELP["policy-pack"], path),
    config: one("FILE", HELP.config, path),
    "dry-run": flag(HELP["dry-run"]),
  },
  takesNames: true,
  isForPulumi: true,
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

export async function run(argv: readonly string[]): Promise<number> {
  const { values, names, extra } = readArguments(COMMAND, argv);
  const { reason, expires, "approved-by": approvedBy, stack, cwd = process.cwd(), config, "dry-run": dryRun } = values;
  if (names.length === 0) throw new UsageError("name a bucket to exempt, by its logical name or URN");
  if (reason === undefined) throw new UsageError("--reason is required: say why the bucket may be public");
  const { "policy-pack": pack } = values;
  if (pack !== undefined && config === undefined)
    throw new UsageError("--policy-pack requires --config: name the configuration that its previews are given");
  const configs = config === undefined ? [] : [config];
  const packs = packsIn({ "policy-pack": pack === undefined ? [] : [pack], config: configs }, extra, ownPack);
  const options = { ...DEFAULTS, ...packs, stacks: stack === undefined ? [] : [stack], projects: [cwd] };
  const found = await previewed(options);
  if (found === undefined) return EXIT_CODES.failed;
  const { change, meant } = await import("./change.js");
  const { report, target } = found;
  const { project, repository } = target.roots;
  const isRequired = report.packs.some((pack) => pack.name === OWN && pack.isRequired === true);
  const results = names.map((name) => meant(name, report));
  const problems = isRequired
    ? ["the organization requires this policy pack, so its exemptions are in the organization's policy group"]
    : results.filter((each) => typeof each === "string");
  if (problems.length > 0) {
    for (const each of [...problems, "Nothing was changed."]) print(process.stderr, each);
    return EXIT_CODES.blocked;
  }
  const [file = join(project, CONFIG_FILE)] = withFound(options, target.roots).configs;
  const shown = relative(repository, file).split(sep).join("/");
  const wanted = results.flatMap((each) => (typeof each === "string" ? [] : each));
  const terms = { reason, ...(expires !== undefined && { expires }), ...(approvedBy !== undefined && { approvedBy }) };
  return change(file, shown, wanted, terms, dryRun);
}
