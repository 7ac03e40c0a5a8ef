import { EXIT_CODES } from "../command";
import { STDOUT } from "../options";
import { ownPack } from "../own-package";
import { annotations } from "../report/annotations";
import { deliver } from "../report/deliver";
import { clear } from "../report/files";
import { command, neutralReport, print } from "../report/neutral";
import { worst } from "../report/report";
import { logOf, together } from "../report/several";
import { parse } from "./args";
import { previews } from "./previews";
import { targetsOf } from "./targets";

export { USAGE } from "./args";

/** `s3-public-access-block preview`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  for (const file of Object.values(options.reports)) clear(file);

  // The verdict is told last, so that nobody reads "Passed" of a run whose reports are not there.
  const reports = await previews(options, await targetsOf(options));
  const results = deliver(reports.map(neutralReport), options.reports);
  const verdict = worst(results);
  const out = Object.values(options.reports).includes(STDOUT) ? process.stderr : process.stdout;
  if (!options.quiet || verdict === "failed") for (const { text, style } of logOf(results)) print(out, text, style);
  if (process.env.GITHUB_ACTIONS === "true") for (const line of annotations(together(results))) command(out, line);
  return EXIT_CODES[verdict];
}
