import { fits } from "../shape";
import { fingerprints } from "./fingerprint";
import type { Finding, Render } from "./report";

/** The gate's input to the command that offers fixes on a pull request, where no program runs with a token. */
export type Suggestions = Readonly<{ version: 1; stacks: readonly string[]; findings: readonly Suggestible[] }>;

/** A finding with the edits that fix it, and a name from push to push: that of the program's fix, which two stacks may share. */
export type Suggestible = Readonly<Required<Pick<Finding, "policy" | "problem" | "edits">> & { fingerprint: string }>;

export const suggestions: Render = (reports) => {
  const all = reports.flatMap(({ findings }) => suggestible(findings));
  const findings = [...new Map(all.map((finding) => [finding.fingerprint, finding])).values()];
  const written: Suggestions = { version: 1, stacks: reports.map(({ stack }) => stack), findings };
  return `${JSON.stringify(written, null, 2)}\n`;
};

const CHANGE = { from: "count", to: "count", text: "string" } as const;
const EDIT = { file: "string", startLine: "count", endLine: "count", text: "string", changes: [CHANGE] } as const;
const FINDING = { policy: "string", problem: "string", fingerprint: /^[0-9a-f]{32}$/, edits: [EDIT] } as const;

/** Reads what this format writes; undefined for any other text. */
export function readSuggestions(text: string): Suggestions | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const shape = { version: "count", stacks: ["string"], findings: [FINDING] } as const;
    return fits(value, shape) && value.version === 1 ? { ...value, version: 1 } : undefined;
  } catch {
    return undefined;
  }
}

function suggestible(findings: readonly Finding[]): Suggestible[] {
  const open = findings.filter(({ kind }) => kind !== "exempt");
  const withoutStack = (urn: string): string => urn.replace(/^urn:pulumi:[^:]*::/, "urn:pulumi:::");
  const names = fingerprints(open.map((finding) => ({ ...finding, urn: withoutStack(finding.urn) })));
  return open.flatMap(({ policy, problem, edits }, at) =>
    edits === undefined ? [] : { policy, problem, edits, fingerprint: names[at] ?? "" },
  );
}
