import type { ResourcePolicy } from "../../policy/definition";
import { turnOn } from "../../lib/remediation";
import { gapLines } from "../../adapters/fixes";
import { gaps, FLAGS } from "../../aws/flags";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { BLOCK } from "../../aws/types";
import { said } from "../../findings/finding";
import { metaOf } from "../meta";

/** A public access block with a flag that isn't on is stopped before it is made. */
export const s3PublicAccessBlockFlags: ResourcePolicy = {
  ...metaOf("s3-public-access-block-flags"),
  reads: (type) => type === BLOCK,
  evaluateResource: (resource) => {
    const { urn, read, inThisRun } = resource;
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    return [{ urn, said: (program) => said("flags-off", urn, {}, gapLines(resource, found, program)) }];
  },
  yields: true,
  remediate: (props, provider) => turnOn(props, [...FLAGS, ...(knowsSkipDestroy(provider) ? ["skipDestroy"] : [])]),
};
