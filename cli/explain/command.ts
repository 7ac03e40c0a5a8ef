import gatePage from "../../docs/gate.md";
import policiesPage from "../../docs/policies.md";
import { didYouMean, metas } from "../../policypack/face";
import { EXIT_CODES, UsageError } from "../command";
import { type CommandLine, readArguments, usage, wrapped } from "../options";
import { calledAs } from "../own-package";
import { print } from "../report/neutral";
import { LOST, OWN, ruleOf } from "../report/rules";
import help from "./help.json";

const COMMAND = { ...help, options: {} } as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

const NAMES = [...metas.map(({ name }) => name), LOST];
const WIDTH = 100;

/** `s3-public-access-block explain`. Takes the arguments after the command's name. */
export function run(argv: readonly string[]): Promise<number> {
  const [name, ...others] = readArguments(COMMAND, argv).names;
  if (others.length > 0) throw new UsageError("explain takes one policy");
  if (name === undefined) {
    const width = Math.max(...NAMES.map(({ length }) => length));
    for (const each of NAMES) print(process.stdout, `${each.padEnd(width)}  ${ruleOf(OWN, each).displayName}`);
    return Promise.resolve(EXIT_CODES.passed);
  }
  const meant = didYouMean(name, NAMES, (each) => each) || `; there are ${NAMES.join(", ")}`;
  if (!NAMES.includes(name)) throw new UsageError(`there is no policy "${name}"${meant}`);
  const { displayName, description, remediationSteps, url = "", frameworks = [] } = ruleOf(OWN, name);
  const standards = frameworks.map((each) => `- ${each.name} ${each.version}: ${each.references.join(", ")}`);
  print(process.stdout, `${name}: ${displayName}`, "bold");
  for (const block of [
    ...wrappedBlock(description),
    ...(name === LOST ? sectionOf(gatePage, "What a preview takes away") : sectionOf(policiesPage, name)),
    ...wrappedBlock(`To pass: ${remediationSteps}`),
    `To exempt: ${calledAs()} exempt NAME --reason "…" --expires DAY`,
    ...wrappedBlock(`Asked for by:\n${standards.join("\n")}`),
    `What AWS says: ${url}`,
  ])
    print(process.stdout, `\n${block}`);
  return Promise.resolve(EXIT_CODES.passed);
}

/** The blocks of a document's section, as a terminal shows them: code is indented, and all else is wrapped. */
function sectionOf(document: string, heading: string): string[] {
  const [, start = ""] = document.split(`\n## ${heading}\n`);
  const [section = ""] = start.split("\n## ");
  return section.split(/^(```[^]*?^```)$/m).flatMap((part) => {
    if (part.startsWith("```")) return [part.replace(/^.*\n|\n.*$/g, "").replaceAll(/^/gm, "    ")];
    const text = part
      .replace(/<!--[^]*?-->/g, "")
      .replace(/ \(\[[^[\]]+\]\((?!https:)[^()\s]+\)\)/g, "")
      .replace(/\[([^[\]]+)\]\((https:[^()\s]+)\)/g, "$1: $2")
      .replace(/\[([^[\]]+)\]\([^()\s]+\)/g, "$1")
      .replaceAll("**", "");
    return text.split(/\n{2,}/).flatMap(wrappedBlock);
  });
}

/** A paragraph, or the items of a list, in lines of a terminal's width; nothing where it is empty. */
function wrappedBlock(block: string): string[] {
  const items = block.trim().split(/\n(?=- )/);
  const lines = items.flatMap((item) => {
    const isItem = item.startsWith("- ");
    return wrapped(item.replace(/\s+/g, " "), WIDTH).map((line, at) => (isItem && at > 0 ? `  ${line}` : line));
  });
  return lines.length === 0 ? [] : [lines.join("\n")];
}
