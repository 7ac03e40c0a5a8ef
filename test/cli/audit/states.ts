/** States of stacks, as the engine writes them: a bucket and a block that locks it, for a test to change one thing of. */
import type { Cloud } from "../../harness/cloud/server";
import { ON } from "../../policypack/resources";

export const BUCKET = "aws:s3/bucket:Bucket";
export const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const PROVIDER = "pulumi:providers:aws";

export type Props = Record<string, unknown>;
export type Entry = Props & { urn: string; type: string };

export interface Place {
  readonly project?: string;
  readonly stack?: string;
}

export function urnOf(name: string, type = BUCKET, { project = "shop", stack = "dev" }: Place = {}): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

export function provider(inputs: Props = { region: "eu-west-1" }, place: Place = {}): Entry {
  const urn = urnOf("default_7_48_0", PROVIDER, place);
  return { urn, custom: true, id: "4a1b", type: PROVIDER, inputs, outputs: inputs };
}

/** A bucket that has been made. */
export function bucket(name: string, change: Props = {}, place: Place = {}): Entry {
  const actual = `${name.toLowerCase()}-1a2b3c4`;
  const outputs = { id: actual, bucket: actual, arn: `arn:aws:s3:::${actual}`, region: "eu-west-1" };
  return {
    ...{ urn: urnOf(name, BUCKET, place), custom: true, id: actual, type: BUCKET },
    ...{ inputs: { __defaults: ["bucket"], bucket: actual }, outputs },
    ...{ parent: `urn:pulumi:${place.stack ?? "dev"}::${place.project ?? "shop"}::pulumi:pulumi:Stack::x` },
    provider: `${urnOf("default_7_48_0", PROVIDER, place)}::4a1b`,
    ...change,
  };
}

/** A block with `bucket: target.id`. */
export function block(name: string, target: string, flags: Props = {}, change: Props = {}, place: Place = {}): Entry {
  const actual = `${target.toLowerCase()}-1a2b3c4`;
  const inputs = { bucket: actual, ...ON, skipDestroy: true, ...flags };
  return {
    ...bucket(name, {}, place),
    ...{ urn: urnOf(name, BLOCK, place), id: actual, type: BLOCK },
    ...{ inputs, outputs: { id: actual, ...inputs } },
    dependencies: [urnOf(target, BUCKET, place)],
    propertyDependencies: { bucket: [urnOf(target, BUCKET, place)] },
    ...change,
  };
}

/** What `pulumi stack export` prints. */
export function exported(resources: readonly Entry[], version = 3): string {
  return JSON.stringify({ version, deployment: { manifest: { version: "v3.259.0" }, resources } });
}

/** What lies in a backend's folder. */
export function checkpoint(resources: readonly Entry[], version = 3): string {
  return JSON.stringify({ version, checkpoint: { stack: "organization/shop/dev", latest: { resources } } });
}

/** A stack of Pulumi Cloud with a locked bucket and two open ones. */
export function addStack({ organization, stacks }: Cloud, project: string, tags: Record<string, string> = {}): void {
  const place = { project, stack: "prod" };
  const buckets = ["data", "site", "logs"].map((name) => bucket(name, {}, place));
  const state = exported([provider({ region: "eu-west-1" }, place), ...buckets, block("lock", "data", {}, {}, place)]);
  const { deployment } = JSON.parse(state) as { deployment: unknown };
  Object.assign(stacks.create(organization.name, project, "prod", tags), { deployment, lastUpdate: 1_700_000_000 });
}
