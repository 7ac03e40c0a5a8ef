import { gapLines } from "../../adapters/fixes";
import { FLAGS, gaps } from "../../aws/flags";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { BLOCK } from "../../aws/types";
import type { Resource } from "../../engine/resource";
import { type Finding, said } from "../../findings/finding";
import { turnOn } from "../../lib/remediation";
import type { ResourcePolicy } from "../../policy/definition";
import { metaOf } from "../meta";

/** A public access block with a flag that isn't on is stopped before it is made. */
export const s3PublicAccessBlockFlags: ResourcePolicy = {
  ...metaOf("s3-public-access-block-flags"),
  reads: (type) => type === BLOCK,
  evaluateResource: (resource) => flagFindings("flags-off", resource),
  yields: true,
  remediate: (props, provider) => turnOn(props, [...FLAGS, ...(knowsSkipDestroy(provider) ? ["skipDestroy"] : [])]),
};

/** The finding on a block with a flag that isn't on. One that `--target` leaves out of this run isn't evaluated. */
export function flagFindings(cause: "flags-off" | "account-off", resource: Resource): Finding[] {
  const { urn, read, inThisRun } = resource;
  const found = inThisRun ? gaps(read) : [];
  if (found.length === 0) return [];
  return [{ urn, said: (program) => said(cause, urn, {}, gapLines(resource, found, program)) }];
}
