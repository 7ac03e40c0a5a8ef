/** The control that all public access blocks answer to. */
export const BLOCK_PUBLIC_ACCESS = {
  name: "CIS AWS Foundations Benchmark",
  version: "3.0.0",
  reference: "2.1.4",
  specification: "Ensure that S3 is configured with 'Block Public Access' enabled",
};

/** The controls that policies and ACLs answer to. */
export const NO_PUBLIC_ACCESS = {
  name: "AWS Foundational Security Best Practices",
  version: "1.0.0",
  reference: "S3.2, S3.3",
  specification: "S3 general purpose buckets should block public read and write access",
};
