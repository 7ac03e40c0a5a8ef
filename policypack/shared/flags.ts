import type * as aws from "@pulumi/aws";
import { languageOf, type Place } from "../roads/fixes";
import { type Fix, fix, type Program, quoted } from "../findings/finding";
import { UNKNOWN } from "./values";

/** The four flags of a public access block: "Blocking public access to your Amazon S3 storage", Amazon S3 User Guide. */
export const FLAGS = [
  "blockPublicAcls",
  "ignorePublicAcls",
  "blockPublicPolicy",
  "restrictPublicBuckets",
] as const satisfies readonly (keyof aws.s3.BucketPublicAccessBlockArgs)[];

export type Flag = (typeof FLAGS)[number];

/** A flag that isn't on: off, left out (the provider's default is off), unknown at preview, or not a boolean. */
export interface Gap {
  readonly flag: Flag;
  readonly state: "off" | "unset" | "unknown" | "invalid";
}

/** The flags that aren't on. Only the boolean `true` is on; S3 has no other spelling of it. */
export function gaps(read: (flag: Flag) => unknown): Gap[] {
  return FLAGS.flatMap((flag) => {
    const state = stateOf(read(flag));
    return state === "on" ? [] : [{ flag, state }];
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

/** A property's name, as it is spelled where the resource comes from. */
export function named(place: Place, property: string, program?: Program): string {
  return languageOf(place)?.name(property) ?? program?.().name(property) ?? property;
}

/** What turns flags on. */
export function turnOnFix(
  kind: "set" | "set-or-leave-out",
  place: Place,
  gaps: readonly Gap[],
  program: Program,
): Fix {
  const language = languageOf(place);
  const on = language === undefined ? program().setting : language.on;
  const flags = gaps.map(({ flag }) => flag);
  // Where a single flag can't be given, the whole block is.
  const given = on === undefined ? FLAGS : flags;
  const code = on === undefined ? language?.block(place.urn, FLAGS) : flags.map((flag) => on(flag));
  return fix(kind, code ?? [], { it: quoted(place.urn) }, given);
}

/** What is wrong with the flags of a block, then what fixes it. */
export function gapLines(place: Place, gaps: readonly Gap[], program: Program): (string | Fix)[] {
  return [
    ...gaps.map(({ flag, state }) => `  ${named(place, flag, program)} ${STATES[state]}`),
    turnOnFix("set", place, gaps, program),
  ];
}
