import { FLAGS } from "../../aws/flags";
import { knowsSkipDestroy } from "../../aws/skip-destroy";
import { BLOCK } from "../../aws/types";
import { turnOn } from "../../lib/remediation";
import type { ResourcePolicy } from "../../policy/definition";
import { flagFindings } from "../findings";
import { metaOf } from "../meta";

/** A public access block with a flag that isn't on is stopped before it is made. */
export const s3PublicAccessBlockFlags: ResourcePolicy = {
  ...metaOf("s3-public-access-block-flags"),
  reads: (type) => type === BLOCK,
  evaluateResource: (resource) => flagFindings("flags-off", resource),
  yields: true,
  remediate: (props, provider) => turnOn(props, [...FLAGS, ...(knowsSkipDestroy(provider) ? ["skipDestroy"] : [])]),
};
