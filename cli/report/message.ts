import { type Fix, type Kind, type Line, linesOf, type Published } from "../../policypack/face";
import { neutral } from "./neutral";
import type { Message } from "./report";

/*
 * The text of a finding, for people. A finding of this package is data (policypack/findings); the texts of other packs and of
 * the SDK are read here and nowhere else.
 */

/**
 * A finding of this package in words. Of the address nothing is said: reports have it in the place of the URN.
 * @param comment what a comment begins with in the language of the code
 */
export function shown(published: Published, comment?: string): Message & { readonly published: Published } {
  const lines = linesOf({ ...published, address: undefined }).map((line) => ({ ...line, text: neutral(line.text) }));
  return { ...inParts(lines, published.kind, comment), published };
}

/** Another pack's message. Lines indented by four spaces or more are code, as in Markdown. */
export function readMessage(raw: string, kindIn: (message: string) => Kind): Message {
  const message = neutral(raw).trim();
  const lines = message.split("\n").map((text) => ({ text, isCode: /^(?: {4}|\t)\s*\S/.test(text) }));
  return { ...inParts(lines, kindIn(message)), message };
}

function inParts(lines: readonly Line[], kind: Kind, comment = "//"): Message {
  const join = (some: readonly Line[]): string => some.map(({ text }) => text).join("\n");
  const message = join(lines);
  const start = lines.findIndex(({ isCode }) => isCode);
  if (start === -1) return { message, problem: message, kind };
  const end = lines.findLastIndex(({ isCode }) => isCode) + 1;
  const more = join(lines.slice(end));
  const [problem, fix] = [join(lines.slice(0, start)), asCode(lines.slice(start, end), comment)];
  return { message, problem, fix, ...(more !== "" && { more }), kind };
}

function asCode(lines: readonly Line[], comment: string): string {
  const indent = Math.min(...lines.filter(({ isCode }) => isCode).map(({ text }) => text.search(/\S/)));
  return lines.map(({ text, isCode }) => (isCode ? text.slice(indent) : `${comment} ${text.trim()}`)).join("\n");
}

/** A finding with a line on the component that its resource is in: of this package at the top, of another's at its end. */
export function withComponent<T extends Message>(given: T, component: string, where: string): T {
  const { published, message, problem, fix, more } = given;
  const line = component + where;
  if (published !== undefined) {
    const others = published.lines.filter((each) => each !== `${component}.`);
    return { ...given, ...shown({ ...published, lines: [line, ...others] }) };
  }
  const longer = { ...given, message: `${message}\n${line}` };
  if (fix === undefined) return { ...longer, problem: `${problem}\n${line}` };
  return { ...longer, more: more === undefined ? line : `${more}\n${line}` };
}

/** A finding with other code for some of its fixes: in the program's language and names, so that nothing in it is guessed. */
export function withCode<T extends Message>(
  given: T,
  codeOf: (fix: Fix) => readonly string[] | undefined,
  hasPlaceholder = false,
): T {
  const { published } = given;
  if (published === undefined) return given;
  const lines = published.lines.map((line) => {
    const code = typeof line === "string" ? undefined : codeOf(line);
    if (typeof line === "string" || code === undefined) return line;
    return { ...line, code, facts: hasPlaceholder ? line.facts : { ...line.facts, where: "" } };
  });
  return { ...given, ...shown({ ...published, lines, isGuessed: false }) };
}

/** How the SDK begins a message of its own, in any pack's name, when a policy came upon an unknown value. */
const OF_THE_SDK = /can't run policy .* during preview/;

/**
 * The kind of another pack's message, or of one of the SDK's, by its words (docs/gate.md). The SDK may have put the
 * policy's description before it. The name of the resource that it speaks of is the program's: no meaning is read out of it.
 */
export function foreignKind(message: string, name: string): Kind {
  const lines = (name === "" ? message : message.replaceAll(`'${name}'`, "''")).split("\n");
  if (lines.some((line) => /^Exempt( until [0-9-]+)?: /.test(line))) return "exempt";
  const isUnverified = (line: string): boolean => /can't be verified(?!')/.test(line) || OF_THE_SDK.test(line);
  return lines.some(isUnverified) ? "unverified" : "violation";
}

/** Whether it is the SDK's message, and not the policy's. */
export const isOfTheSdk = (message: string): boolean => message.search(OF_THE_SDK) === 0;
