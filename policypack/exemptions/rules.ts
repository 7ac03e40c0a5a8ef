import { dayAfter } from "../lib/days";
import { isObject, isText } from "../lib/values";
import type { Exemption } from "./options";

/*
 * Requirements for every exemption, whatever its policy: `exemptionRules` of "all". An organization's policy group sets them for
 * its pack, which reads no configuration of a repository.
 */

/** A rule by its place in "all", and why an exemption breaks it. */
export type Broken = Readonly<Record<"rule" | "why", string>>;

interface Rule {
  /** The values it takes, in words. */
  readonly takes: string;
  readonly isValid: (value: unknown) => boolean;
  /** Why the exemption breaks it; undefined if it doesn't. */
  readonly complaint: (exemption: Exemption, value: never, today: string) => string | undefined;
}

const RULES: Readonly<Record<string, Rule>> = {
  expiryRequired: {
    takes: "true or false",
    isValid: (value) => typeof value === "boolean",
    complaint: ({ expires }, isRequired: boolean) =>
      isRequired && expires === undefined ? "it never expires" : undefined,
  },
  maxDays: {
    takes: "a number of days, 1 or more",
    isValid: (value) => Number.isInteger(value) && Number(value) >= 1,
    complaint: ({ since, expires }, days: number, today) =>
      expires === undefined
        ? `it never expires, and may last ${days} days`
        : expires > dayAfter(since ?? today, Math.min(days, 1e6))
          ? `it expires on ${expires}, more than ${days} days from ${since ?? "today"}`
          : undefined,
  },
  reasonPattern: {
    takes: "a regular expression",
    isValid: (value) => isText(value) && isPattern(value),
    complaint: ({ reason }, pattern: string) =>
      new RegExp(pattern, "u").test(reason) ? undefined : `its reason doesn't match ${pattern}`,
  },
  widest: {
    takes: '"name" or "project"',
    isValid: (value) => value === "name" || value === "project",
    complaint: ({ urn }, widest: "name" | "project") => {
      const [stack = "", project = "*", type, name = "*"] = [...urn.split("::").slice(0, 3), urn.split("::").at(-1)];
      const isInProject = !stack.includes("**") && !project.includes("*") && type !== undefined;
      if (!isInProject) return "its URN doesn't spell out the project";
      return widest === "name" && name.includes("*") ? "its URN doesn't spell out the name" : undefined;
    },
  },
  approvers: {
    takes: "a list of texts",
    isValid: (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
    complaint: ({ approvedBy }, approvers: readonly string[]) =>
      approvedBy !== undefined && approvers.includes(approvedBy)
        ? undefined
        : `approvedBy must be ${approvers.join(" or ")}`,
  },
};

/** The mistakes in the rules themselves. */
export function problemsOfRules(rules: unknown): string[] {
  if (rules === undefined) return [];
  if (!isObject(rules)) return ["exemptionRules: not an object"];
  return Object.entries(rules).flatMap(([name, value]) => {
    if (!Object.hasOwn(RULES, name))
      return [`exemptionRules.${name}: unknown rule; there are ${Object.keys(RULES).join(", ")}`];
    return RULES[name]?.isValid(value) === true ? [] : [`exemptionRules.${name}: not ${RULES[name]?.takes ?? ""}`];
  });
}

/** The rule that the exemption breaks, so that it doesn't hold. By rules with a mistake in them none does. */
export function brokenBy(exemption: Exemption, rules: unknown, today: string): Broken | undefined {
  if (problemsOfRules(rules).length > 0) return { rule: "exemptionRules", why: "the rules are not valid" };
  for (const [name, value] of Object.entries(rules ?? {})) {
    const why = RULES[name]?.complaint(exemption, value as never, today);
    if (why !== undefined) return { rule: `exemptionRules.${name}`, why };
  }
  return undefined;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
