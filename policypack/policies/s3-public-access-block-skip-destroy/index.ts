import { UNKNOWN } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { turnOn } from "../../lib/remediation";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { fix, type Program, quoted, type Said, said } from "../../findings/finding";
import { BLOCK, isOfAws } from "../../aws/types";
import { typeIn } from "../../lib/urn";
import { metaOf } from "../meta";

const WHY = "Pulumi makes the new block first and then deletes the old one. In S3 they are one, and the delete wins.";

/** What any version of the provider has. It is a note: nothing that the program can do would be seen here. */
function otherwise(urn: string, program: Program): Said {
  return said("skip-destroy", urn, { state: "goes with its resource" }, [
    WHY,
    fix("retain", [program().retained], { it: quoted(urn) }),
    "Policies can't see that option, so this note stays. An alias also prevents the delete.",
  ]);
}

/** A public access block that goes from the program, or moves in it, doesn't take the flags in S3 with it. */
export const s3PublicAccessBlockSkipDestroy: ResourcePolicy = {
  ...metaOf("s3-public-access-block-skip-destroy"),
  reads: (type) => type === BLOCK,
  evaluateResource: ({ urn, read, inThisRun, provider }) => {
    const value = read("skipDestroy");
    if (!inThisRun || value === true || provider === undefined) return [];
    // Terraform has other means for the resources of its modules.
    if (!knowsSkipDestroy(provider) && !isOfAws(typeIn(urn))) return [];
    if (!knowsSkipDestroy(provider)) return [{ urn, isNote: true, said: (program) => otherwise(urn, program) }];
    const state = value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    return [
      {
        urn,
        said: (program) =>
          said("skip-destroy", urn, { state }, [
            WHY,
            fix("set", [program().setting("skipDestroy")], { it: quoted(urn) }, ["skipDestroy"]),
          ]),
      },
    ];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
