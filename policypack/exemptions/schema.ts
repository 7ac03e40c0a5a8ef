import { isDay } from "../lib/days";
import type { PolicyConfigSchema } from "@pulumi/policy";
import { isText } from "../lib/values";

/** A decision on the record: the resources that a pattern names may fail a policy, for a reason, until a day. */
export interface Exemption {
  readonly urn: string;
  readonly reason: string;
  /** The last day (UTC, YYYY-MM-DD) on which it holds; for good if left out. */
  readonly expires?: string;
}

interface Field {
  readonly name: keyof Exemption;
  /** What the engine checks, before the pack is asked anything. */
  readonly schema: object;
  readonly isRequired: boolean;
  /** What the engine doesn't: it can be older than the check, or take a space for a reason. */
  readonly isValid: (value: unknown) => boolean;
  /** Follows the place of a value that isn't valid. */
  readonly problem: (value: unknown) => string;
}

/** The one list that both the schema for the engine and the pack's own reader come from. */
export const FIELDS: readonly Field[] = [
  {
    name: "urn",
    schema: {
      type: "string",
      minLength: 1,
      description: "A URN; * stands for anything within a part, ** for anything.",
    },
    isRequired: true,
    isValid: isText,
    problem: () => "missing; give the URN of the resource, or a pattern",
  },
  {
    name: "reason",
    schema: { type: "string", minLength: 1, description: "Why the resource may be public." },
    isRequired: true,
    isValid: isText,
    problem: () => "missing; say why the resource is exempt",
  },
  {
    name: "expires",
    schema: { type: "string", format: "date", description: "The last day of the exemption (UTC, YYYY-MM-DD)." },
    isRequired: false,
    isValid: isDay,
    problem: (value) => `${JSON.stringify(value)} is not a day in the form YYYY-MM-DD`,
  },
];

/** The schema of a policy's `exemptions` option. */
export const EXEMPTIONS: PolicyConfigSchema["properties"][string] = {
  type: "array",
  description:
    "Resources that may fail this policy, each for a reason. An exempt resource is shown as an advisory note.",
  items: {
    type: "object",
    properties: Object.fromEntries(FIELDS.map(({ name, schema }) => [name, schema])),
    required: FIELDS.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    additionalProperties: false,
  },
};
