import { UNKNOWN } from "../../shared/values";
import type { ResourcePolicy } from "../../sdk/definition";
import { turnOn } from "../../shared/remediation";
import { knowsSkipDestroy } from "../../shared/skip-destroy";
import type { Language } from "../../shared/languages";
import { BLOCK } from "../../shared/types";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";

/** A public access block that goes from the program, or moves in it, doesn't take the flags in S3 with it. */
export const s3PublicAccessBlockSkipDestroy: ResourcePolicy = {
  ...meta,
  reads: (type) => type === BLOCK,
  evaluateResource: ({ urn, read, inThisRun, provider }) => {
    const value = read("skipDestroy");
    if (!inThisRun || value === true || !knowsSkipDestroy(provider)) return [];
    const state =
      value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    const message = (program: () => Language): string =>
      [
        `Public access block '${nameIn(urn)}' ${state}: renamed or moved, it opens its bucket.`,
        "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.",
        `In '${nameIn(urn)}', set`,
        `      ${program().setting("skipDestroy")}`,
      ].join("\n");
    return [{ urn, message }];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
