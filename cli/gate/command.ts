import { relative } from "node:path";
import { EXIT_CODES } from "../command";
import { shellQuoted, STDOUT } from "../options";
import { calledAs, ownPack } from "../own-package";
import { annotations } from "../report/annotations";
import { deliver } from "../report/deliver";
import { clear } from "../report/files";
import { together } from "../report/groups";
import { logOf } from "../report/log";
import { command, neutralReport, print } from "../report/neutral";
import { worst } from "../report/report";
import { type Options, parse } from "./args";
import { previews } from "./previews";
import { type Target, targetsOf } from "./targets";

export { USAGE } from "./args";

export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  for (const file of Object.values(options.reports)) clear(file);

  // The verdict comes last, so that nobody reads "Passed" if reports are missing.
  const targets = await targetsOf(options);
  const reports = await previews(options, targets);
  const results = deliver(reports.map(neutralReport), options.reports);
  const verdict = worst(results);
  const out = Object.values(options.reports).includes(STDOUT) ? process.stderr : process.stdout;
  const stacks = targets.map((target) => wordsOf(options, target).map(shellQuoted).join(" "));
  const { isOwnPack, packs, configs } = options;
  const isExemptable = isOwnPack || (packs.length === 1 && configs.length === 1);
  const log = logOf(results, { program: calledAs(), stacks, isExemptable });
  if (!options.quiet || verdict === "failed") for (const { text, style } of log) print(out, text, style);
  if (process.env.GITHUB_ACTIONS === "true") for (const line of annotations(together(results))) command(out, line);
  return EXIT_CODES[verdict];
}

/** The same stack with the same policies, for another command. */
function wordsOf({ isOwnPack, packs, configs, extra }: Options, { stack, cwd }: Target): string[] {
  const here = (path: string): string => relative(process.cwd(), path) || ".";
  const named = packs.length === 0 ? ["none"] : packs.map(here);
  const flags = {
    "--stack": [stack],
    "--cwd": cwd === process.cwd() ? [] : [here(cwd)],
    "--policy-pack": isOwnPack ? [] : named,
    "--config": configs.map(here),
  };
  const words = Object.entries(flags).flatMap(([flag, values]) => values.flatMap((value) => [flag, value]));
  return [...words, ...(extra.length === 0 ? [] : ["--", ...extra])];
}
