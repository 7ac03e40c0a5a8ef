import { type Alike, alikes, type Effect, EFFECTS, effectOf, gathered, resourceList } from "./groups";
import { withoutEmbedded } from "./neutral";
import type { Report } from "./report";

/** GitHub shows no more than ten annotations of each type that a step prints, and says nothing of the others. */
const SHOWN = 10;

const TYPES: Record<Effect, string> = { blocking: "error", advisory: "warning", exempt: "notice" };

/** With how many findings it is about. */
type Annotation = Readonly<{ properties: Readonly<Record<string, string>>; text: string; count: number }>;

/** The workflow commands that make GitHub mark the lines: errors first, and one a line, so that a loop hides no other line. */
export function annotations({ problems, notes, findings }: Report): string[] {
  const titled = (title: string) => (text: string) => ({ properties: { title }, text, count: 1 });
  const [blocking, advisory] = [problems.map(titled("No verdict")), notes.map(titled("Not evaluated"))];
  const others = { blocking, advisory, exempt: [] };
  return EFFECTS.flatMap((effect) => {
    const found = alikes(findings.filter((each) => effectOf(each) === effect));
    // Findings without a line are apart.
    const lines = gathered(found, ([{ position }], at) => (position ? [position.file, position.line] : at));
    const shown = limited([...others[effect], ...lines.map(annotation)]);
    return shown.map((each) => command(TYPES[effect], each));
  });
}

function limited(all: readonly Annotation[]): readonly Annotation[] {
  if (all.length <= SHOWN) return all;
  const hidden = all.slice(SHOWN - 1).reduce((sum, { count }) => sum + count, 0);
  const text = `GitHub shows ${SHOWN} annotations of a type. ${hidden} more are in the summary and the log.`;
  return [...all.slice(0, SHOWN - 1), { properties: { title: `${hidden} more findings` }, text, count: hidden }];
}

/** All that is found on one line, first what comes first. */
function annotation(onLine: readonly [Alike, ...Alike[]]): Annotation {
  const [[{ position, policy, name }]] = onLine;
  const count = onLine.flat().length;
  const properties = {
    ...(position && { file: position.file, line: String(position.line) }),
    ...(position?.column && { col: String(position.column) }),
    title: `${policy}: ${name}${count === 1 ? "" : ` and ${count - 1} more`}`,
  };
  return { properties, text: onLine.map(textOf).join("\n\n"), count };
}

function textOf([{ position, urn, problem, fix }, ...others]: Alike): string {
  const same = others.length === 0 ? undefined : `The same for ${resourceList(others, String)}.`;
  return [problem, fix, position === undefined ? urn : undefined, same].filter((line) => line !== undefined).join("\n");
}

/** `::error file=…,line=…::message`, escaped as the runner unescapes it: a value can't end its property or the line. */
function command(type: string, { properties, text }: Annotation): string {
  const property = (text: string): string => escaped(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  return withoutEmbedded(`::${type} ${list.join(",")}::${escaped(text)}`);
}

const escaped = (text: string): string => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
