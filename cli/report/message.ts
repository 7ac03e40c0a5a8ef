import { GUESSED, PLACEHOLDER } from "../../policypack/shared/languages";
import { type Kind, kindOf } from "../../policypack/shared/kinds";
import { neutral } from "./neutral";

/*
 * What a finding's message says. This package's own pack and the gate tell the kind by first words (shared/kinds.ts); what
 * other packs and the SDK phrase is read here and nowhere else.
 */

export interface Message {
  /** The whole of it. */
  readonly message: string;
  /** What is wrong: the text before any code. */
  readonly problem: string;
  /** The code of the fix; text between two pieces of code is a comment in it. */
  readonly fix?: string;
  /** The text after the code. */
  readonly more?: string;
  readonly kind: Kind;
}

/**
 * Takes a message apart: lines indented by four spaces or more are code, as in Markdown.
 * @param kindIn what it stands for, given its text without what can't be seen
 * @param comment what a comment begins with in the language of the code
 */
export function readMessage(raw: string, kindIn: (message: string) => Kind, comment = "//"): Message {
  const message = neutral(raw).trim();
  const lines = message.split("\n");
  const start = lines.findIndex(isCode);
  const end = lines.findLastIndex(isCode) + 1;
  const kind = kindIn(message);
  if (start === -1) return { message, problem: message, kind };
  const more = lines.slice(end).join("\n");
  return {
    message,
    problem: lines.slice(0, start).join("\n"),
    fix: asCode(lines.slice(start, end), comment),
    ...(more === "" ? {} : { more }),
    kind,
  };
}

/**
 * The message with other code in the place of its own: in the program's language and names, so that what it says of these
 * is left out where it no longer holds.
 */
export function withFix<T extends Message>(given: T, code: readonly string[]): T {
  const fix = code.join("\n");
  const isOf = (text: string): string =>
    text
      .replace(PLACEHOLDER, (words, placeholder: string) => (fix.includes(placeholder) ? words : ""))
      .split("\n")
      .filter((line) => line !== GUESSED)
      .join("\n");
  const { more: rest, ...others } = given;
  const more = rest === undefined ? "" : isOf(rest);
  const message = {
    ...others,
    message: isOf(given.message),
    problem: isOf(given.problem),
    ...(more === "" ? {} : { more }),
  } as T;
  const lines = message.message.split("\n");
  const start = lines.findIndex(isCode);
  const end = lines.findLastIndex(isCode) + 1;
  if (start === -1) return given;
  const put = code.map((line) => `      ${line}`);
  return {
    ...message,
    message: [...lines.slice(0, start), ...put, ...lines.slice(end)].join("\n"),
    fix,
  };
}

/** The message with another line in the place of one that it has; undefined where it hasn't. */
export function withLine<T extends Message>(message: T, line: string, other: string): T | undefined {
  const replaced = (text: string): string =>
    text
      .split("\n")
      .map((each) => (each === line ? other : each))
      .join("\n");
  const { message: whole, problem, more } = message;
  if (replaced(whole) === whole) return undefined;
  return {
    ...message,
    message: replaced(whole),
    problem: replaced(problem),
    ...(more === undefined ? {} : { more: replaced(more) }),
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

function asCode(lines: readonly string[], comment: string): string {
  const indent = Math.min(...lines.filter(isCode).map((line) => line.search(/\S/)));
  return lines.map((line) => (isCode(line) ? line.slice(indent) : `${comment} ${line.trim()}`)).join("\n");
}

/** How the SDK begins a message of its own, in any pack's name, when a policy came upon an unknown value. */
const OF_THE_SDK = /^can't run policy .* during preview/;

/** The kind of a message of this package's own pack: by its first words alone. */
export function ownKind(message: string): Kind {
  return OF_THE_SDK.test(message) ? "unverified" : kindOf(message);
}

/**
 * The kind of another pack's message, by its words (docs/pull-requests.md). The SDK may have put the policy's description
 * before it. The name of the resource that it speaks of is the program's: no meaning is read out of it.
 */
export function foreignKind(message: string, name: string): Kind {
  const lines = (name === "" ? message : message.replaceAll(`'${name}'`, "''")).split("\n");
  if (lines.some((line) => /^Exempt( until [0-9-]+)?: /.test(line))) return "exempt";
  const unverified = /can't be verified(?!')|can't run policy .* during preview/;
  return lines.some((line) => unverified.test(line)) ? "unverified" : "violation";
}
