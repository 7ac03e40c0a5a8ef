import { join, relative, sep } from "node:path";
import { EXIT_CODES } from "../command";
import { CONFIG_FILE } from "../config";
import { previewed } from "../fix/command";
import { withFound } from "../gate/previews";
import { ownPack } from "../own-package";
import { print } from "../report/neutral";
import { OWN } from "../report/rules";
import { parse } from "./args";
import { meant } from "./meant";

export { USAGE } from "./args";

/** `s3-public-access-block exempt`. Takes the arguments after the command's name. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = parse(argv, process.cwd(), ownPack);
  const found = await previewed(options);
  if (found === undefined) return EXIT_CODES.failed;
  const { report, target } = found;
  const { project, repository } = target.roots;
  const isRequired = report.packs.some((pack) => pack.name === OWN && pack.isRequired === true);
  const results = options.names.map((name) => meant(name, report));
  const problems = isRequired
    ? ["the organization requires this policy pack, so its exemptions are in the organization's policy group"]
    : results.flatMap((each) => (typeof each === "string" ? [each] : []));
  if (problems.length > 0) {
    for (const each of [...problems, "Nothing was changed."]) print(process.stderr, each);
    return EXIT_CODES.blocked;
  }
  const [file = join(project, CONFIG_FILE)] = withFound(options, target.roots).configs;
  const shown = relative(repository, file).split(sep).join("/");
  const { change } = await import("./change.js");
  return change(
    file,
    shown,
    results.flatMap((each) => (typeof each === "string" ? [] : each)),
    options,
  );
}
