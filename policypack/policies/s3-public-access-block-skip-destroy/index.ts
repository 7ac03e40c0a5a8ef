import { UNKNOWN } from "../../shared/values";
import type { ResourcePolicy } from "../../sdk/definition";
import { turnOn } from "../../shared/remediation";
import { knowsSkipDestroy } from "../../shared/skip-destroy";
import { fix, quoted, said } from "../../findings/finding";
import { meta } from "./meta";

const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

/** A public access block that goes from the program, or moves in it, doesn't take the flags in S3 with it. */
export const s3PublicAccessBlockSkipDestroy: ResourcePolicy = {
  ...meta,
  reads: (type) => type === BLOCK,
  evaluateResource: ({ urn, read, inThisRun, provider }) => {
    const value = read("skipDestroy");
    if (!inThisRun || value === true || !knowsSkipDestroy(provider)) return [];
    const state =
      value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    return [
      {
        urn,
        said: (program) =>
          said("skip-destroy", urn, { state }, [
            "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.",
            fix("set", [program().setting("skipDestroy")], { it: quoted(urn) }, ["skipDestroy"]),
          ]),
      },
    ];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
