import dns from "node:dns";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { ask } from "../../../cli/live/ask";
import { judged, type Target } from "../../../cli/live/model";
import { listen, type Listening } from "../../harness/listen";

/** The IAM action that each call needs; undefined for what needs none. */
const ACTIONS: Readonly<Record<string, string | undefined>> = {
  block: "s3:GetBucketPublicAccessBlock",
  policyStatus: "s3:GetBucketPolicyStatus",
  acl: "s3:GetBucketAcl",
  account: "s3:GetAccountPublicAccessBlock",
  list: "s3:ListAllMyBuckets",
  AssumeRole: "sts:AssumeRole",
  GetCallerIdentity: undefined,
};
const ON = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
const flags = (value: (flag: string) => boolean): string =>
  `<PublicAccessBlockConfiguration>${ON.map((flag) => `<${flag}>${String(value(flag))}</${flag}>`).join("")}</PublicAccessBlockConfiguration>`;
const STS = (action: string, account: string): string =>
  `<${action}Response><${action}Result><Account>${account}</Account><Credentials><AccessKeyId>ASSUMED${account}</AccessKeyId>` +
  `<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></${action}Result></${action}Response>`;
const GRANT = (uri: string): string =>
  `<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>${uri}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`;

type Answer = string | readonly [status: number, code: string, headers?: Record<string, string>];

/** S3, S3 Control and STS at one address. What isn't said of a bucket is as of one that is locked. */
async function fakeAws(answers: Readonly<Record<string, Answer>>) {
  const log: { call: string; key: string; owner: unknown }[] = [];
  const { url, close }: Listening = await listen(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://s3");
    const body = await text(request);
    const key = /Credential=(\w+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const name = pathname.slice(1).replace(/\/$/, "");
    const sub = { publicAccessBlock: "block", policyStatus: "policyStatus", acl: "acl" }[
      [...searchParams.keys()][0] ?? ""
    ];
    const action = /Action=(\w+)/.exec(body)?.[1];
    const role = /arn%3Aaws%3Aiam%3A%3A(\d+)/.exec(body)?.[1];
    const call = action ?? (name.startsWith("v20180820/") ? "account" : name === "" ? "list" : (sub ?? "?"));
    const owner = request.headers["x-amz-expected-bucket-owner"] ?? request.headers["x-amz-account-id"];
    log.push({ call, key, owner });
    const defaults: Record<string, string> = {
      ...{ block: flags(() => true), policyStatus: "<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>" },
      ...{ acl: GRANT("http://acs.amazonaws.com/groups/s3/LogDelivery"), account: flags(() => false) },
      list: "<ListAllMyBucketsResult><Buckets><Bucket><Name>lost</Name></Bucket></Buckets></ListAllMyBucketsResult>",
      AssumeRole: STS("AssumeRole", role ?? ""),
      GetCallerIdentity: STS("GetCallerIdentity", /^ASSUMED(\d+)/.exec(key)?.[1] ?? "111122223333"),
    };
    const answer = answers[`${call} ${name}`] ?? answers[call] ?? defaults[call] ?? [400, "Unexpected"];
    const [status, code, headers] = typeof answer === "string" ? [200, "", {}] : answer;
    if (code === "SlowDown") Reflect.deleteProperty(answers, `${call} ${name}`);
    response.writeHead(status, { "content-type": "application/xml", ...headers });
    response.end(
      typeof answer === "string"
        ? answer
        : action === undefined
          ? error(code)
          : `<ErrorResponse>${error(code)}</ErrorResponse>`,
    );
  });
  return { log, url, close };
}
const error = (code: string): string =>
  `<Error><Code>${code}</Code><Message>for AKIDSECRET wJalrSECRET</Message></Error>`;

const target = (name: string, account?: string): Target => ({ name, region: "eu-west-1", account, partition: "aws" });

describe("The calls to AWS", function () {
  this.timeout(60_000);
  const KEYS = {
    AWS_ACCESS_KEY_ID: "AKIDSECRET",
    AWS_SECRET_ACCESS_KEY: "wJalrSECRET",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const before_ = { ...process.env };
  before(() => Object.assign(process.env, KEYS));
  after(() => {
    for (const key of [...Object.keys(KEYS), "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
      if (before_[key] === undefined) Reflect.deleteProperty(process.env, key);
  });

  /** What is said of each bucket, and each call that was made. */
  async function said(answers: Parameters<typeof fakeAws>[0], targets: readonly Target[], more: object = {}) {
    const aws = await fakeAws(answers);
    try {
      const request = { targets, unmanaged: false, progress: () => undefined, endpoint: aws.url, ...more };
      const { of, accounts } = await ask(request);
      const words = targets.map((each) => {
        const { word, details } = judged(true, of(each));
        return [word, ...details].join("; ");
      });
      return { words, accounts, log: aws.log };
    } finally {
      await aws.close();
    }
  }

  it("are these, which only read and name the owner that they expect: the policy in docs/live.md allows no other action", async () => {
    const open: Answer = [404, "NoSuchPublicAccessBlockConfiguration"];
    const assumeRole = "arn:aws:iam::{account}:role/Audit";
    const { words, accounts, log } = await said(
      {
        "block open": open,
        "policyStatus open": [404, "NoSuchBucketPolicy"],
        "block weak": flags((flag) => flag !== "IgnorePublicAcls"),
        "acl weak": GRANT("http://acs.amazonaws.com/groups/global/AllUsers"),
      },
      [target("open", "444455556666"), target("weak", "444455556666"), target("shut")],
      { unmanaged: true, assumeRole },
    );
    expect(words).to.deep.equal([
      "drifted; no public access block",
      "drifted; off: ignorePublicAcls; public now by its ACL",
      "locked",
    ]);
    expect(accounts?.map(({ account, unmanaged }) => [account, unmanaged.length])).to.deep.equal([
      ["444455556666", 1],
      ["111122223333", 1],
    ]);
    const page = readFileSync(join(__dirname, "../../../docs/live.md"), "utf8");
    const [, policy = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    const { Statement } = JSON.parse(policy) as { Statement: { Effect: string; Action: string[] }[] };
    const allowed = Statement.flatMap(({ Action }) => Action).sort();
    const made = [...new Set(log.map(({ call }) => (call in ACTIONS ? ACTIONS[call] : call)))];
    expect(made.filter((action) => action !== undefined && action !== "sts:AssumeRole").sort()).to.deep.equal(allowed);
    const reads = log.filter(({ call }) => ["block", "policyStatus", "acl", "account"].includes(call));
    expect(reads.filter(({ key, owner }) => key !== `ASSUMED${String(owner)}`)).to.deep.equal([]);
  });

  it("know nothing where AWS says no, with the reason and without a credential, and never take that for locked", async () => {
    const codes: [status: number, code: string, reason: string][] = [
      [403, "AccessDenied", "access denied, or the bucket is another account's (AccessDenied 403)"],
      [404, "NoSuchBucket", "S3 has no bucket of that name (NoSuchBucket 404)"],
      [501, "NotImplemented", "this S3 has no such call (NotImplemented 501)"],
      [405, "MethodNotAllowed", "this S3 has no such call (MethodNotAllowed 405)"],
      [
        400,
        "ExpiredToken",
        "AWS doesn't take the credentials, or the region is off for the account (ExpiredToken 400)",
      ],
      [
        403,
        "InvalidAccessKeyId",
        "AWS doesn't take the credentials, or the region is off for the account (InvalidAccessKeyId 403)",
      ],
      [400, "SomethingNew", "AWS answered SomethingNew 400"],
    ];
    for (const [status, code, reason] of codes) {
      const targets = [target("data"), target("other")];
      const { words } = await said({ "block data": [status, code], "policyStatus other": [status, code] }, targets);
      expect(words, code).to.deep.equal([`not known; ${reason}`, `not known; ${reason}`]);
      const { words: none } = await said({ GetCallerIdentity: [status, code] }, [target("data")]);
      expect(none[0], code).to.equal(`not known; ${reason}`);
    }
    const { words } = await said({ block: "<PublicAccessBlockConfiguration/>", account: [403, "AccessDenied"] }, [
      target("data"),
    ]);
    expect(words[0]).to.match(/^drifted; off: blockPublicAcls, .*; the account's block is not known: access denied/);
  });

  it("try again where S3 has had too many requests", async () => {
    const { words, log } = await said({ "block data": [503, "SlowDown"] }, [target("data")]);
    expect([words, log.filter(({ call }) => call === "block").length]).to.deep.equal([["locked"], 2]);
  });

  it("go to the region that S3 names", async () => {
    const moved: Answer = [301, "PermanentRedirect", { "x-amz-bucket-region": "us-west-2" }];
    const { words } = await said({ "block data": moved }, [target("data")]);
    expect(words).to.deep.equal(["not known; it is in another region than the state says, us-west-2"]);
  });

  it("are for the account that the state names, or say which role is missing", async () => {
    const { words } = await said({}, [target("data", "444455556666")]);
    expect(words).to.deep.equal([
      "not known; it is in account 444455556666, and the credentials are for 111122223333: see --assume-role",
    ]);
    const profile = await said({}, [target("data")], { profile: "there-is-none" });
    expect(profile.words).to.deep.equal(["not known; there are no AWS credentials (CredentialsProviderError)"]);
  });

  it("go to no address but AWS's own where no --endpoint is given, whatever a variable says", async () => {
    const aws = await fakeAws({});
    const lookup = dns.lookup;
    const asked: string[] = [];
    try {
      Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url, AWS_ENDPOINT_URL_S3: aws.url });
      const refuse = (host: string, _: unknown, done: (error: Error) => void): void => {
        asked.push(host);
        done(Object.assign(new Error("no network"), { code: "EPERM" }));
      };
      Object.assign(dns, { lookup: refuse });
      const { of } = await ask({ targets: [target("data")], unmanaged: false, progress: () => undefined });
      expect(of(target("data")).bucket).to.deep.include({ reason: "S3 can't be reached (EPERM)" });
      expect([[...new Set(asked)], aws.log]).to.deep.equal([["sts.us-east-1.amazonaws.com"], []]);
    } finally {
      Object.assign(dns, { lookup });
      await aws.close();
    }
  });
});
