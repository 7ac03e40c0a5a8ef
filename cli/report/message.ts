import { neutral } from "./neutral";

/*
 * What a finding's message says, as packs and their SDKs phrase it. Everything that reads meaning out of words is here.
 */

export interface Message {
  /** The whole of it. */
  readonly message: string;
  /** What is wrong: the text before any code. */
  readonly problem: string;
  /** The code that mends it; text between two pieces of code is a comment in it. */
  readonly fix?: string;
  /** The text after the code. */
  readonly more?: string;
  readonly kind: Kind;
}

/** Unverified: nobody knows yet. Exempt: known, and accepted by a decision on the record. */
export type Kind = "violation" | "unverified" | "exempt";

/**
 * Takes a message apart: lines indented by four spaces or more are code, as in Markdown. The name of the resource that it
 * speaks of is the program's: no meaning is read out of it.
 */
export function readMessage(raw: string, name = ""): Message {
  const message = neutral(raw).trim();
  const lines = message.split("\n");
  const start = lines.findIndex(isCode);
  const end = lines.findLastIndex(isCode) + 1;
  const kind = kindOf((name === "" ? message : message.replaceAll(`'${name}'`, "''")).split("\n"));
  if (start === -1) return { message, problem: message, kind };
  const more = lines.slice(end).join("\n");
  return {
    message,
    problem: lines.slice(0, start).join("\n"),
    fix: asCode(lines.slice(start, end)),
    ...(more === "" ? {} : { more }),
    kind,
  };
}

/** The message with other code in the place of its own. */
export function withFix<T extends Message>(message: T, code: readonly string[]): T {
  const lines = message.message.split("\n");
  const start = lines.findIndex(isCode);
  const end = lines.findLastIndex(isCode) + 1;
  if (start === -1) return message;
  const put = code.map((line) => `      ${line}`);
  return {
    ...message,
    message: [...lines.slice(0, start), ...put, ...lines.slice(end)].join("\n"),
    fix: code.join("\n"),
  };
}

/** The message with one more line at its end. */
export function withMore<T extends Message>(message: T, line: string): T {
  const { message: whole, problem, more, fix } = message;
  const longer = { ...message, message: `${whole}\n${line}` };
  if (fix === undefined) return { ...longer, problem: `${problem}\n${line}` };
  return { ...longer, more: more === undefined ? line : `${more}\n${line}` };
}

function isCode(line: string): boolean {
  return /^(?: {4}|\t)\s*\S/.test(line);
}

function asCode(lines: readonly string[]): string {
  const indent = Math.min(...lines.filter(isCode).map((line) => line.search(/\S/)));
  return lines.map((line) => (isCode(line) ? line.slice(indent) : `// ${line.trim()}`)).join("\n");
}

function kindOf(lines: readonly string[]): Kind {
  if (lines.some((line) => /^Exempt( until [0-9-]+)?: /.test(line))) return "exempt";
  // The first phrase is this package's pack's, the second the SDK's, of a policy that came upon an unknown value.
  const unverified = /can't be verified(?!')|can't run policy .* during preview/;
  return lines.some((line) => unverified.test(line)) ? "unverified" : "violation";
}
