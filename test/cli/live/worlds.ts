/** What an S3 that is made up says, in the words of test/testdata/audit/live.yaml. */
import { FLAGS } from "../../../policypack/face";
import type { Answers } from "../../../cli/live/ask";
import { type Answer, isNotKnown, type Known, type Off } from "../../../cli/live/model";

export interface Words {
  readonly block: string;
  readonly account?: string;
  readonly policy?: string;
  readonly acl?: string;
}

function known<Fact>(words: string, fact: (words: string) => Fact): Known<Fact> {
  const [, reason] = /^<(.*)>$/.exec(words) ?? [];
  return reason === undefined ? fact(words) : { reason };
}

const offOf = (words: string): Known<Off> =>
  known<Off>(words, (given) => (given === "none" ? given : FLAGS.filter((flag) => given.split(" ").includes(flag))));
const publicOf = (words = "not public"): Known<boolean> => known(words, (given) => given === "public");

export const answerOf = ({ block, account = "none", policy, acl }: Words): Known<Answer> => {
  const bucket = offOf(block);
  if (isNotKnown(bucket)) return bucket;
  const facts = { ofAccount: offOf(account), isPolicyPublic: publicOf(policy), isAclPublic: publicOf(acl) };
  return { account: "111122223333", region: "eu-west-1", bucket, ...facts };
};

/** Answers by the buckets' names in S3, where every other one is locked; and an account with buckets that no stack has. */
export function inS3(byName: Readonly<Record<string, Words>>, unmanaged?: Readonly<Record<string, Words>>) {
  const all = { ...byName, ...unmanaged };
  const place = { region: "eu-west-1", account: "111122223333", partition: "aws" };
  const alone = Object.keys(unmanaged ?? {}).map((name) => ({ name, ...place }));
  const answers: Answers = {
    of: ({ name = "" }) => answerOf(all[name] ?? { block: "all" }),
    accounts: unmanaged && [{ account: "111122223333", total: 40 + alone.length, unmanaged: alone }],
  };
  return { ask: () => Promise.resolve(answers) };
}

/** Each word once for the buckets of `website()` and some others. */
export const IN_S3 = inS3(
  {
    "data-1a2b3c4": { block: "none", policy: "public" },
    "logs-1a2b3c4": { block: "blockPublicAcls" },
    "one-1a2b3c4": { block: "<access denied>" },
    "two-1a2b3c4": { block: "none", account: "all" },
  },
  { lost: { block: "none", acl: "public" }, kept: { block: "all" } },
);
