import dns from "node:dns";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { ask } from "../../../cli/live/ask";
import { judged, type Target } from "../../../cli/live/model";
import { groupBy } from "../../../policypack/face";
import { type Answers, type Call, fakeAws } from "../../harness/s3/aws";
import { slowIt } from "../../policypack/runs";
import { testdata } from "../../testdata";

interface Case {
  readonly buckets?: readonly Partial<Target>[];
  readonly options?: { endpoint?: null; unmanaged?: boolean };
  readonly answers?: Answers;
  readonly words: readonly string[];
  readonly unmanaged?: readonly string[];
  readonly calls?: Readonly<Record<string, number>>;
  /** It waits as long as the SDK does. */
  readonly isSlow?: boolean;
}
const { answers, cases, errors, actions, keys } = testdata("audit/aws.yaml") as {
  answers: Answers;
  cases: Record<string, Case>;
  errors: Record<string, string>;
  actions: Record<string, string>;
  keys: Record<string, string>;
};

const DATA: Target = { name: "data", region: "eu-west-1", account: undefined, partition: "aws" };
const request = { unmanaged: false, progress: (): void => undefined };

/** What is said of each bucket and of what no stack has, and each call that was made. */
async function outcome({ buckets = [DATA], options = {}, answers: own }: Omit<Case, "words">) {
  const aws = await fakeAws(answers, own);
  try {
    const targets = buckets.map((each): Target => {
      const whole = Object.entries({ ...DATA, name: undefined, ...each });
      return Object.fromEntries(whole.map(([key, value]) => [key, value ?? undefined])) as unknown as Target;
    });
    const { endpoint = aws.url, ...more } = options;
    const { of, accounts = [] } = await ask({ ...request, targets, ...more, ...(endpoint && { endpoint }) });
    const said = (target: Target) => judged(true, of(target));
    return {
      words: targets.map((each) => [said(each).word, ...said(each).details].join("; ")),
      unmanaged: accounts.flatMap(({ unmanaged, problem }) => [
        ...(problem === undefined ? [] : [problem]),
        ...unmanaged.map((each) => `${each.name ?? ""} ${said(each).word}`),
      ]),
      log: aws.log,
      most: aws.most(),
    };
  } finally {
    await aws.close();
  }
}

describe("Asking AWS", function () {
  this.timeout(60_000);
  const own = process.env;
  before(() => (process.env = { ...own, ...keys }));
  after(() => (process.env = own));
  const all: Call[] = [];

  for (const [title, { words, unmanaged = [], calls, isSlow, ...given }] of Object.entries(cases))
    (isSlow === true ? slowIt : it)(title, async () => {
      const { log, ...said } = await outcome(given);
      all.push(...log);
      expect([said.words, said.unmanaged]).to.deep.equal([words, unmanaged]);
      if (calls === undefined) return;
      const made = [...groupBy(log, ({ call }) => call)].map(([call, all]) => [call, all.length]);
      expect(Object.fromEntries(made)).to.deep.equal(calls);
    });

  it("makes only calls that the policy in docs/live.md allows, all of which read, for the owner that it expects", () => {
    const page = readFileSync(join(__dirname, "../../../docs/live.md"), "utf8");
    const [, policy = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string[] }[] };
    const made = new Set(all.map(({ call }) => actions[call] ?? call));
    const allowed = ["AssumeRole", "GetCallerIdentity", ...Statement.flatMap(({ Action }) => Action)];
    expect([...made].sort()).to.deep.equal(allowed.sort());
    const reads = all.filter(({ call }) => call in actions && call !== "list");
    const ownerOf = (key: string): string => key.replace("ASSUMED", "").replace("AKIDSECRET", "111122223333");
    expect(reads.filter(({ key, owner }) => owner !== ownerOf(key))).to.deep.equal([]);
    expect(reads.map(({ owner }) => owner)).to.include("444455556666");
  });

  it("knows nothing where AWS says no, for that reason and without a credential, and takes it for no lock", async () => {
    for (const [error, reason] of Object.entries(errors)) {
      const answer = parse(error) as [number, string];
      const end = `${answer[1]} ${answer[0]}`;
      const expected = `not known; ${reason === "AWS answered" ? `${reason} ${end}` : `${reason} (${end})`}`;
      for (const call of ["block", "policyStatus", "GetCallerIdentity"])
        expect((await outcome({ answers: { [call]: answer } })).words, `${call} ${error}`).to.deep.equal([expected]);
    }
  });

  it("has no more than 32 requests under way", async () => {
    const buckets = Array.from({ length: 80 }, (_, at) => ({ name: `b${at}` }));
    const { words, most } = await outcome({ buckets });
    expect([new Set(words), most > 8 && most <= 32], String(most)).to.deep.equal([new Set(["locked"]), true]);
  });

  it("goes to no address but AWS's own where no --endpoint is given, whatever a variable says", async () => {
    const aws = await fakeAws(answers);
    const lookup = dns.lookup;
    const asked: string[] = [];
    const refuse = (host: string, _: unknown, done: (error: Error) => void): void => {
      asked.push(host);
      done(Object.assign(new Error("no network"), { code: "EPERM" }));
    };
    try {
      Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url, AWS_ENDPOINT_URL_S3: aws.url });
      Object.assign(dns, { lookup: refuse });
      const { of } = await ask({ ...request, targets: [DATA] });
      expect(of(DATA)).to.deep.equal({ reason: "S3 can't be reached (EPERM)" });
      expect([[...new Set(asked)], aws.log]).to.deep.equal([["sts.us-east-1.amazonaws.com"], []]);
    } finally {
      Object.assign(dns, { lookup });
      await aws.close();
    }
  });
});
