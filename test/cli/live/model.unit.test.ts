import { expect } from "chai";
import { judged, offIn } from "../../../cli/live/model";
import { targetsIn } from "../../../cli/live/targets";
import { managedIn } from "../../../cli/audit/resources";
import { readState } from "../../../cli/audit/state";
import { FLAGS } from "../../../policypack/face";
import { bucket, exported, provider, type Props } from "../audit/states";
import { answerOf, type Words } from "./worlds";
import { testdata } from "../../testdata";

type Row = Words & { readonly program: "locks" | "leaves open" | "none"; readonly word: string };
interface Place {
  readonly expected: object;
  readonly provider?: Props;
  readonly bucket?: Props;
  readonly arns?: readonly string[];
}
const { verdicts: ROWS, places: PLACES } = testdata("audit/live.yaml") as { verdicts: Row[]; places: Place[] };

describe("What S3 says of a bucket", () => {
  it("is one of the words of the table, with what is open and what isn't known", () => {
    for (const { program, word, ...words } of ROWS) {
      const { word: said, details } = judged(program === "none" ? undefined : program === "locks", answerOf(words));
      const whole = details.length === 0 ? said : `${said} (${details.join("; ")})`;
      expect(whole, JSON.stringify({ program, ...words })).to.equal(word);
    }
  });

  it("is locked of 16 blocks and 16 of the account only with four flags on: by the bucket, or by both together", () => {
    const all = Array.from({ length: 16 }, (_, bits) => FLAGS.filter((_, at) => (bits >> at) % 2 === 1));
    for (const bucket of all)
      for (const ofAccount of all) {
        const place = { account: "111122223333", region: "eu-west-1" };
        const answer = { ...place, bucket, ofAccount, isPolicyPublic: false, isAclPublic: false };
        const isCovered = bucket.every((flag) => !ofAccount.includes(flag));
        const expected = bucket.length === 0 ? "locked" : isCovered ? "covered by the account" : "drifted";
        expect(judged(true, answer).word, `${bucket.join()} ${ofAccount.join()}`).to.equal(expected);
      }
  });

  it("takes for on what is true, and nothing else", () => {
    const on = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
    expect([
      offIn(on),
      offIn({ ...on, IgnorePublicAcls: "true", RestrictPublicBuckets: undefined }),
      offIn(undefined),
    ]).to.deep.equal([[], ["ignorePublicAcls", "restrictPublicBuckets"], [...FLAGS]]);
  });
});

describe("Where S3 has a bucket", () => {
  const of = (configuration: Props, change: Props = {}, arns: readonly string[] = []) => {
    const others = arns.map((arn, at) => bucket(`role${at}`, { type: "aws:iam/role:Role", outputs: { arn } }));
    const state = readState(exported([provider(configuration), bucket("data", change), ...others]));
    const [told] = managedIn(state, (type) => type === "aws:s3/bucket:Bucket");
    return told && targetsIn(state)(told.stored);
  };
  const DATA = { name: "data-1a2b3c4", region: "eu-west-1", account: undefined, partition: "aws" };

  it("is as the state has it: region, partition, endpoint, and the account of its provider", () => {
    for (const { expected, provider: configuration = {}, bucket: change, arns } of PLACES) {
      const whole = Object.entries({ ...DATA, ...expected }).map(([key, value]) => [key, value ?? undefined]);
      expect(of(configuration, change, arns), JSON.stringify(expected)).to.deep.equal(Object.fromEntries(whole));
    }
  });
});
