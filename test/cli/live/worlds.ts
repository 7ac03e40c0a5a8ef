/** What an S3 that is made up says, in the words of test/testdata/audit/live.yaml. */
import { FLAGS } from "../../../policypack/face";
import type { Answers } from "../../../cli/live/ask";
import { type Answer, type Known, NotKnown, type Off } from "../../../cli/live/model";

export interface Words {
  readonly block: string;
  readonly account?: string;
  readonly policy?: string;
  readonly acl?: string;
}

function known<Fact>(words: string, fact: (words: string) => Fact): Known<Fact> {
  const [, reason] = /^<(.*)>$/.exec(words) ?? [];
  return reason === undefined ? fact(words) : new NotKnown(reason);
}

export const offOf = (words: string): Known<Off> =>
  known<Off>(words, (given) => (given === "none" ? given : FLAGS.filter((flag) => given.split(" ").includes(flag))));
export const publicOf = (words = "not public"): Known<boolean> => known(words, (given) => given === "public");

export const answerOf = ({ block, account = "none", policy, acl }: Words): Answer => ({
  ...{ account: "111122223333", region: "eu-west-1" },
  ...{ bucket: offOf(block), ofAccount: offOf(account), isPolicyPublic: publicOf(policy), isAclPublic: publicOf(acl) },
});

/** Answers for buckets by their names in S3; for every other one they are locked. */
export const answers = (byName: Readonly<Record<string, Words>>, accounts?: Answers["accounts"]) => ({
  ask: (): Promise<Answers> =>
    Promise.resolve({ of: ({ name = "" }) => answerOf(byName[name] ?? { block: "all" }), accounts }),
});
