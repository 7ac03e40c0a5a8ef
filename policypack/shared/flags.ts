import type * as aws from "@pulumi/aws";
import { nameIn } from "./urn";
import { UNKNOWN } from "./values";

/** The four flags of a public access block: "Blocking public access to your Amazon S3 storage", Amazon S3 User Guide. */
export const SETTINGS = [
  "blockPublicAcls",
  "ignorePublicAcls",
  "blockPublicPolicy",
  "restrictPublicBuckets",
] as const satisfies readonly (keyof aws.s3.BucketPublicAccessBlockArgs)[];

export type Setting = (typeof SETTINGS)[number];

/** A setting that isn't on: off, left out (the provider's default is off), unknown at preview, or not a boolean. */
export interface Gap {
  readonly setting: Setting;
  readonly state: "off" | "unset" | "unknown" | "invalid";
}

/** The settings that aren't on. Only the boolean `true` is on; S3 has no other spelling of it. */
export function gaps(read: (setting: Setting) => unknown): Gap[] {
  return SETTINGS.flatMap((setting) => {
    const state = stateOf(read(setting));
    return state === "on" ? [] : [{ setting, state }];
  });
}

function stateOf(value: unknown): "on" | Gap["state"] {
  if (value === true) return "on";
  if (value === false) return "off";
  if (value === UNKNOWN) return "unknown";
  return value === undefined || value === null ? "unset" : "invalid";
}

const STATES: Record<Gap["state"], string> = {
  off: "is false, which is also what it is when left out",
  unset: "is left out, which means false",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};

/** What is wrong with the settings of a block, then the lines that mend it. */
export function gapLines(urn: string, gaps: readonly Gap[]): string[] {
  return [
    ...gaps.map(({ setting, state }) => `  ${setting} ${STATES[state]}`),
    `In '${nameIn(urn)}', set`,
    ...gaps.map(({ setting }) => `      ${setting}: true,`),
  ];
}
