import PARTITIONS from "./partitions.json";

/**
 * The partition that a region belongs to.
 *
 * Source: "Partitions", AWS Fault Isolation Boundaries, and the partition list of the AWS SDKs. A region of a partition
 * that isn't listed (partitions.json) counts as `aws`, so that only the listed ones differ from it.
 */
export function partitionOf(region: string): string {
  return Object.entries(PARTITIONS).find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}

/** The scope of a bucket's name: bucket names are unique in a partition ("Bucket naming rules", S3 User Guide). */
export interface Scope {
  /** Its `configurationOf`. */
  readonly provider: string | undefined;
  /** The partition (aws, aws-cn, …), or the endpoint of another S3; undefined if unknown. */
  readonly partition: string | undefined;
  /** The region, if it is known. */
  readonly region?: string | undefined;
}

/** A provider's URN, equal for a package's default ones: there is one for each version, all with the stack's configuration. */
export function configurationOf(providerUrn: string): string {
  return providerUrn.replace(/(?<=::default)_\d+_\d+_\d+(?:_[^:]*)?$/, "");
}

/** Whether two resources are made by different providers, or in regions that are known to differ. */
export function isElsewhere(one: Scope, other: Scope): boolean {
  const [here, there] = [one.region, other.region];
  return one.provider !== other.provider || (here !== undefined && there !== undefined && here !== there);
}

/** Undefined if unknown. A provider's credentials are good for one partition. */
export function isSamePartition(one: Scope, other: Scope): boolean | undefined {
  if (one.partition !== undefined && other.partition !== undefined) return one.partition === other.partition;
  return one.provider === other.provider ? true : undefined;
}
