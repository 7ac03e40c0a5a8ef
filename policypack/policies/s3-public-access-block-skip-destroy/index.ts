import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { BLOCK, isOfAws } from "../../aws/types";
import { type Finding, type Fix, fix, quoted, said } from "../../findings/finding";
import type { Language } from "../../languages";
import { turnOn } from "../../lib/remediation";
import { typeIn } from "../../lib/urn";
import { UNKNOWN } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { metaOf } from "../meta";

const WHY = "Pulumi creates the new block before it deletes the old one. In S3 they are one, and the deletion wins.";
const UNSEEN = "Policies can't see that option, so this note stays. An alias also prevents the delete.";

/** A public access block that goes from the program, or moves in it, doesn't take the flags in S3 with it. */
export const s3PublicAccessBlockSkipDestroy: ResourcePolicy = {
  ...metaOf("s3-public-access-block-skip-destroy"),
  reads: (type) => type === BLOCK,
  evaluateResource: ({ urn, read, inThisRun, provider }) => {
    const value = read("skipDestroy");
    const isKnown = knowsSkipDestroy(provider);
    // Terraform has other means for the resources of its modules.
    if (!inThisRun || value === true || provider === undefined || (!isKnown && !isOfAws(typeIn(urn)))) return [];
    const it = quoted(urn);
    const finding = (state: string, fixes: (language: Language) => (string | Fix)[]): Finding => ({
      urn,
      said: (program) => said("skip-destroy", urn, { state }, [WHY, ...fixes(program())]),
    });
    if (!isKnown) {
      // What any version of the provider has. It is a note: nothing that the program can do would be seen here.
      const retain = ({ retained }: Language) => [fix("retain", [retained], { it }), UNSEEN];
      return [{ ...finding("goes with its resource", retain), isNote: true }];
    }
    const state = value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    return [finding(state, ({ setting }) => [fix("set", [setting("skipDestroy")], { it }, ["skipDestroy"])])];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
