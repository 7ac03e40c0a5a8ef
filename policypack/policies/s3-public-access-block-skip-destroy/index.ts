import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { BLOCK, isOfAws } from "../../aws/types";
import { type Finding, type Fix, fix, quoted, said } from "../../findings/finding";
import { lines } from "../../findings/sentences.json";
import type { Language } from "../../languages";
import { turnOn } from "../../lib/remediation";
import { typeIn } from "../../lib/urn";
import { UNKNOWN } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { metaOf } from "../meta";

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
      said: (program) => said("skip-destroy", urn, { state }, [lines.replaced, ...fixes(program())]),
    });
    if (!isKnown) {
      // Any version of the provider has this option. It is a note: nothing that the program can do would be seen here.
      const retain = ({ retained }: Language) => [fix("retain", [retained], { it }), lines["unseen-option"]];
      return [{ ...finding("goes with its resource", retain), isNote: true }];
    }
    const state = value === UNKNOWN ? "has a skipDestroy that isn't known before the update" : "has no skipDestroy";
    return [finding(state, ({ setting }) => [fix("set", [setting("skipDestroy")], { it }, ["skipDestroy"])])];
  },
  remediate: (props, provider) => knowsSkipDestroy(provider) && turnOn(props, ["skipDestroy"]),
};
