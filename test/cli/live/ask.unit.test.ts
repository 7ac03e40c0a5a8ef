import { expect } from "chai";
import { ask, type Request } from "../../../cli/live/ask";
import { judged, type Known, type Target } from "../../../cli/live/model";
import type { Session } from "../../../cli/live/s3";
import { offOf, publicOf, type Words } from "./worlds";

/** The buckets of one account, or of more, as `account name`, and each call that is made. */
function accountsOf(buckets: Readonly<Record<string, Words & { region?: string }>>, caller = "111122223333") {
  const calls: string[] = [];
  let [underWay, most] = [0, 0];
  const call = async <Fact>(words: string, fact: Known<Fact>): Promise<Known<Fact>> => {
    calls.push(words);
    most = Math.max(most, ++underWay);
    await new Promise((done) => setTimeout(done, 1));
    underWay -= 1;
    return fact;
  };
  const connect = () => (home: string, wanted?: string) => {
    const account = wanted ?? caller;
    const of = (name: string) => buckets[`${account} ${name}`] ?? { block: "<S3 has no bucket of that name>" };
    const session: Session = {
      account,
      block: ({ name, region }) => {
        const { block, region: own = region } = of(name);
        return call(
          `block ${name} ${region}`,
          own === region ? offOf(block) : { reason: "it is elsewhere", movedTo: own },
        );
      },
      isPolicyPublic: ({ name }) => call(`policy ${name}`, publicOf(of(name).policy)),
      isAclPublic: ({ name }) => call(`acl ${name}`, publicOf(of(name).acl)),
      accountBlock: (region) => call(`account ${account} ${region}`, offOf("none")),
      list: () => {
        const own = Object.keys(buckets).filter((key) => key.startsWith(`${account} `));
        return call(
          `list ${account}`,
          own.map((key) => ({ name: key.split(" ")[1] ?? "", region: buckets[key]?.region })),
        );
      },
    };
    return call(
      `session ${home} ${account}`,
      account === "999999999999" ? { reason: "there are no AWS credentials" } : session,
    );
  };
  return { calls, connect, most: () => most };
}

const target = (name: string, change: Partial<Target> = {}): Target => ({
  ...{ name, region: "eu-west-1", account: undefined, partition: "aws" },
  ...change,
});
const request = (targets: readonly Target[], change: Partial<Request> = {}): Request => ({
  ...{ targets, unmanaged: false, progress: () => undefined },
  ...change,
});
const wordsOf = (of: Awaited<ReturnType<typeof ask>>["of"], targets: readonly Target[]): string[] =>
  targets.map((each) => {
    const { word, details } = judged(true, of(each));
    return [word, ...details].join("; ");
  });

describe("Asking S3", () => {
  const [A, B] = ["111122223333", "444455556666"];

  it("asks once for a bucket of two stacks, and for an account's block once in a region, only where it matters", async () => {
    const { calls, connect } = accountsOf({
      [`${A} open`]: { block: "none", acl: "public" },
      [`${A} weak`]: { block: "blockPublicPolicy" },
      [`${A} shut`]: { block: "all" },
    });
    const targets = [target("open"), target("open"), target("weak"), target("shut")];
    const { of, accounts } = await ask(request(targets), connect);
    expect(wordsOf(of, targets).map((each) => each.split(";")[0])).to.deep.equal([
      ...["drifted", "drifted", "drifted", "locked"],
    ]);
    expect(accounts).to.equal(undefined);
    expect([...calls].sort()).to.deep.equal(
      [
        ...["session us-east-1 111122223333", "account 111122223333 eu-west-1", "acl open"],
        ...["open", "weak", "shut"].flatMap((name) => [`block ${name} eu-west-1`, `policy ${name}`]),
      ].sort(),
    );
  });

  it("asks where the bucket is, once S3 has said so, with no more than four requests", async () => {
    const { calls, connect } = accountsOf({ [`${A} far`]: { block: "all", region: "us-west-2" } });
    const targets = [target("far"), target("far", { region: undefined })];
    const { of } = await ask(request(targets), connect);
    expect(wordsOf(of, targets)).to.deep.equal(["locked", "locked"]);
    const own = calls.filter((call) => call.includes("far"));
    expect(own.slice(0, 2)).to.deep.equal(["block far eu-west-1", "block far us-east-1"]);
    expect(own.length).to.be.at.most(2 * 4);
  });

  it("knows nothing of a bucket that it can't ask for, says why, and sends nothing to an address that nobody named", async () => {
    const { calls, connect } = accountsOf({ [`${A} data`]: { block: "all" } });
    const other = { partition: "http://s3.internal:9000" };
    const targets = [
      target("data", { name: undefined }),
      target("data", { partition: undefined }),
      target("data", other),
      target("data", { region: undefined, partition: "aws-iso" }),
      target("data", { account: "999999999999" }),
      target("data", { account: B }),
    ];
    const { of } = await ask(request(targets), connect);
    expect(wordsOf(of, targets)).to.deep.equal([
      "not known; the state doesn't have the bucket's name",
      "not known; the state doesn't say in which region, or at which address, S3 has it",
      "not known; its provider has S3 at s3.internal:9000: see --endpoint",
      "not known; the state doesn't say in which region it is",
      "not known; there are no AWS credentials",
      "not known; S3 has no bucket of that name",
    ]);
    expect(calls.filter((call) => call.startsWith("session"))).to.have.length(2);
    const named = await ask(request([target("data", other)], { endpoint: "http://S3.internal:9000/" }), connect);
    expect(wordsOf(named.of, [target("data", other)])).to.deep.equal(["locked"]);
  });

  it("has no more than 32 requests under way, and tells of each bucket", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `b${at}`);
    const { connect, most } = accountsOf(Object.fromEntries(names.map((name) => [`${A} ${name}`, { block: "all" }])));
    let last = 0;
    const progress = (done: number): void => void (last = done);
    await ask(
      request(
        names.map((name) => target(name)),
        { progress },
      ),
      connect,
    );
    expect([last, most() > 8 && most() <= 32]).to.deep.equal([200, true]);
  });

  it("lists each account that it reached once, and asks for what no stack has", async () => {
    const { calls, connect } = accountsOf({
      [`${A} mine`]: { block: "all" },
      [`${A} lost`]: { block: "none" },
      [`${B} other`]: { block: "all" },
      [`${B} kept`]: { block: "all", region: "eu-central-1" },
    });
    const targets = [target("mine"), target("mine", { account: A }), target("other", { account: B })];
    const { accounts = [] } = await ask(request(targets, { unmanaged: true }), connect);
    expect(
      accounts.map(({ account, total, unmanaged }) => [
        ...[account, total],
        ...unmanaged.map(({ target, answer }) => `${target.name ?? ""} ${judged(undefined, answer).word}`),
      ]),
    ).to.deep.equal([
      [A, 2, "lost open"],
      [B, 2, "kept locked"],
    ]);
    expect(calls.filter((call) => call.startsWith("list"))).to.deep.equal([`list ${A}`, `list ${B}`]);
  });
});
