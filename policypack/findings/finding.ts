import type { Exempted } from "../exemptions/entry";
import type { Language } from "../languages";
import { isInside, nameIn } from "../lib/urn";
import type SENTENCES from "./sentences.json";

/*
 * A policy's finding, as data. It becomes a text in one place (text.ts), where it has to travel through the engine, and the
 * same place reads it back; whoever holds a finding reads no text of it.
 */

/** The sentence that a finding begins with. What stands in braces there is a fact of the finding. */
export type Cause = keyof typeof SENTENCES.headlines;
/** The sentence that code has above it, by what the code does. */
export type FixKind = keyof typeof SENTENCES.headings;

/** A policy's finding on one resource. */
export interface Finding {
  /** The resource's address: its URN; of what is inside of another resource, that one's with a JSON Pointer behind it. */
  readonly urn: string;
  /** The problem, and how to fix it. Code is in the program's language, which is determined only if needed. */
  readonly said: Said | ((program: Program) => Said);
  /** Something that is unknown yet, and watched elsewhere: shown, never a reason to fail. */
  readonly isNote?: boolean;
  /** The resources whose own findings, of a policy that `yields`, say no more than this one. */
  readonly covers?: readonly string[];
  /** The other exemptions that a public resource needs: the findings at which the update would fail next. */
  readonly alsoExempt?: () => readonly Exempted[];
}

export type Program = () => Language;

/** By the names of the holes in a sentence (sentences.json), what stands there. A name in it is `quoted`. */
export type Facts = Readonly<Record<string, string>>;

export interface Said {
  readonly cause: Cause;
  readonly facts: Facts;
  /** Further sentences and fixes, in reading order. */
  readonly lines: readonly (string | Fix)[];
  /** Whether nobody knows yet, so that nothing is found to be wrong. */
  readonly isUnverified: boolean;
}

/** Code that fixes it, under its heading. */
export interface Fix {
  readonly kind: FixKind;
  readonly facts: Facts;
  readonly code: readonly string[];
  /** The flags and the like that the code turns on, by their names in the AWS provider. */
  readonly properties: readonly string[];
}

/** The kind of a finding. Exempt: known, and accepted by a decision on the record. */
export type Kind = "violation" | "unverified" | "exempt";

/** A finding as it is published, by the configuration's exemptions and contact. */
export interface Published extends Said {
  readonly kind: Kind;
  /** The resource's address, where that isn't the URN that the finding is shown on. */
  readonly address: string | undefined;
  /** The exemption that it falls under, or would if that hadn't run out or didn't break a rule. */
  readonly exemption: Terms | undefined;
  /** Whom to ask. */
  readonly contact: string | undefined;
  /** How to exempt it, where that is to be said. */
  readonly howToExempt: HowToExempt | undefined;
  /** Whether the program's language couldn't be determined. */
  readonly isGuessed: boolean;
  /** Whether it only shows, since the run makes nothing. */
  readonly isOnlyShown: boolean;
}

export interface Terms {
  readonly reason: string;
  readonly expires: string | undefined;
  /** The rule that it breaks, by its place in "all", so that it doesn't hold. */
  readonly breaks?: string;
}

export type HowToExempt = Readonly<ReturnType<typeof toExempt>>;

/** A sentence about a resource. `it` is its name. */
export function said(cause: Cause, urn: string, facts: Facts = {}, lines: readonly (string | Fix)[] = []): Said {
  return { cause, facts: { it: quoted(urn), ...facts }, lines, isUnverified: false };
}

/** For a fact that isn't known before the update, which evaluates it again. */
export function unverified(subject: string, reason: string): Said {
  return unseeable(subject, reason, "The update evaluates it again.");
}

/** For a subject that nobody can look into; `rest` is the consequence. */
export function unseeable(subject: string, reason: string, rest: string): Said {
  return { cause: "unverified", facts: { subject, reason, rest }, lines: [], isUnverified: true };
}

/** For a value that has not the form that it should have. */
export function unreadable(subject: string, reason: string, lines: readonly (string | Fix)[] = []): Said {
  return { cause: "unreadable", facts: { subject, reason }, lines, isUnverified: false };
}

/** For a text that is none of those in sentences.json: its first line, and the others. */
export function other(text: string): Said {
  const [first = "", ...lines] = text.split("\n");
  return { cause: "other", facts: { text: first }, lines, isUnverified: false };
}

export function fix(
  kind: FixKind,
  code: readonly string[],
  facts: Facts = {},
  properties: readonly string[] = [],
): Fix {
  return { kind, facts, code, properties };
}

export function fixesOf({ lines }: Pick<Said, "lines">): Fix[] {
  return lines.filter((line) => typeof line !== "string");
}

/**
 * How to exempt it: all that must be exempt for the resource to be public, how the line on that begins, and whether the CLI's own
 * exceptions do, too. The engine can only except what it shows at its own URN, without an `address`.
 */
export function toExempt(exempted: readonly Exempted[], exemptIf: string, address: string | undefined) {
  return { exempted, exemptIf, isExceptable: address === undefined && !exempted.some(({ urn }) => isInside(urn)) };
}

/** The same finding where it is exempt: without its fix, and without a word on how to exempt it. */
export function exempt(published: Published, reason: string, expires?: string): Published {
  const exemption = { reason: onOneLine(reason.trim()), expires };
  const nothing = { lines: [], contact: undefined, howToExempt: undefined, isGuessed: false };
  return { ...published, ...nothing, kind: "exempt", exemption };
}

/**
 * A resource's logical name between quotes: on one line, and with no quote in it, so that no name ends its own quotes. Messages
 * call a resource by that: a physical name may be a secret.
 */
export function quoted(urn: string): string {
  return `'${onOneLine(nameIn(urn)).replaceAll("'", "’")}'`;
}

/** A name in a message: between single quotes that aren't apostrophes. */
export const QUOTED = /(?<![\p{L}\p{N}])'([^'\n]+)'(?![\p{L}\p{N}])/gu;

/** A text in one line, in which a line break is seen as what it is. */
export function onOneLine(text: string): string {
  return text
    .replace(/\r\n?|\n/g, "\\n")
    .replace(/[\v\f\u0085\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The same with all of its texts in one line each. */
export function onOneLineEach<T>(value: T): T {
  const each = (inner: unknown): unknown => {
    if (typeof inner === "string") return onOneLine(inner);
    if (Array.isArray(inner)) return inner.map(each);
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, held]) => [key, each(held)]));
  };
  return each(value) as T;
}

/** Names a few: a message is to be read. */
export function listOf(resources: readonly { urn: string }[]): string {
  const names = resources.slice(0, 3).map(({ urn }) => quoted(urn));
  const more = resources.length - names.length;
  // Of a hundred that are alike the policies look at no more.
  return names.join(" and ") + (more > 0 ? ` and ${more < 90 ? more : "many"} more` : "");
}
