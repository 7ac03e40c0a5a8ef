import { metas } from "../../policypack/face";

/** What a policy asks for. */
export interface Rule {
  readonly displayName: string;
  readonly description: string;
  readonly remediationSteps: string;
  readonly url?: string | undefined;
  /** Where this package's documentation has it, from the root of the sources. */
  readonly docs?: string;
}

/** This package's own policy pack. */
export const OWN = "s3-public-access-block";

/** The policy that the verdict stands for: without it no bucket was evaluated. */
export const BUCKET_POLICY = "s3-bucket-public-access-block";

/** The gate's own rule, which no policy pack could have. */
export const LOST = "s3-lost-public-access-block";

const LOST_RULE: Rule = {
  displayName: "What stays keeps its public access block",
  description: "No bucket and no account that stays loses its public access block to a deletion of the same update.",
  remediationSteps:
    "In S3 a bucket, and an account, has one public access block, whichever resources stand for it: deleting one of them " +
    "deletes the flags. Give a block that was renamed or moved an alias; or set skipDestroy on the block in an update " +
    "of its own, before it goes.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html",
  docs: "docs/gate.md#what-a-preview-takes-away",
};

/** This package's own policies, as far as the gate needs to know them: nothing else here reads the pack's list of them. */
export const OWN_POLICIES = metas.map(({ name, evaluates }) => ({ name, isOfStack: evaluates === "stack" }));

/** The audit's own rule, of what S3 itself says. */
export const LIVE = "s3-live-public-access-block";

const LIVE_RULE: Rule = {
  displayName: "S3 has what the program says",
  description: "Each bucket has in S3 the public access block that its program gives it, and no public policy.",
  remediationSteps: "Run pulumi up --refresh, which turns the flags on again. CloudTrail has who turned them off.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html",
  docs: "docs/live.md",
};

const RULES = new Map<string, Rule>([
  ...metas.map((policy): [string, Rule] => [policy.name, { ...policy, docs: `docs/policies.md#${policy.name}` }]),
  [LOST, LOST_RULE],
  [LIVE, LIVE_RULE],
]);

/**
 * What is known of a policy beside its findings. The engine's events have nothing of it, so of another pack's policies it
 * is the name.
 */
export function ruleOf(pack: string, policy: string): Rule {
  const description = `Policy ${policy} of the policy pack ${pack}.`;
  const unknown = {
    displayName: policy,
    description,
    remediationSteps: `${description} Each result says what is wrong with its resource.`,
  };
  return (pack === OWN ? RULES.get(policy) : undefined) ?? unknown;
}
