import type * as aws from "@pulumi/aws";
import { UNKNOWN } from "../lib/values";

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
