/**
 * The partition that a region belongs to.
 *
 * Source: "Partitions", AWS Fault Isolation Boundaries, and the partition list of the AWS SDKs. A region of a partition
 * that isn't listed here counts as `aws`, so that it is told apart from the listed ones only.
 */
const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["us-isof-", "aws-iso-f"],
  ["eu-isoe-", "aws-iso-e"],
  ["eusc-", "aws-eusc"],
];

export function partitionOf(region: string): string {
  return PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}

/** Where a name means what it says: bucket names are unique in a partition ("Bucket naming rules", S3 User Guide). */
export interface Scope {
  readonly provider: string | undefined;
  /** The partition (aws, aws-cn, …), or the endpoint of another S3; undefined where nothing tells it. */
  readonly partition: string | undefined;
  /** The region, where something tells it. */
  readonly region?: string | undefined;
}

/** Whether two resources are made by different providers, or in regions that are known to differ. */
export function isElsewhere(one: Scope, other: Scope): boolean {
  const [here, there] = [one.region, other.region];
  return one.provider !== other.provider || (here !== undefined && there !== undefined && here !== there);
}

/** Undefined where nothing tells. A provider's credentials are good for one partition. */
export function isSamePartition(one: Scope, other: Scope): boolean | undefined {
  if (one.partition !== undefined && other.partition !== undefined) return one.partition === other.partition;
  return one.provider === other.provider ? true : undefined;
}
