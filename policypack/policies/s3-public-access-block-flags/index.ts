import type { ResourcePolicy } from "../../sdk/definition";
import { turnOn } from "../../shared/remediation";
import { gapLines } from "../../roads/fixes";
import { gaps, FLAGS } from "../../shared/flags";
import { knowsSkipDestroy } from "../../shared/skip-destroy";
import { BLOCK } from "../../shared/types";
import { said } from "../../findings/finding";
import { meta } from "./meta";

/** A public access block with a flag that isn't on is stopped before it is made. */
export const s3PublicAccessBlockFlags: ResourcePolicy = {
  ...meta,
  reads: (type) => type === BLOCK,
  evaluateResource: (resource) => {
    const { urn, read, inThisRun } = resource;
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    return [{ urn, said: (program) => said("flags-off", urn, {}, gapLines(resource, found, program)) }];
  },
  yields: true,
  remediate: (props, provider) =>
    turnOn(props, [...FLAGS, ...(knowsSkipDestroy(provider) ? ["skipDestroy"] : [])]),
};
