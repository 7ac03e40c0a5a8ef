/** S3, S3 Control and STS at one address, with answers that a test makes up: test/testdata/audit/aws.yaml has their form. */
import { text } from "node:stream/consumers";
import { listen } from "../listen";

export type Answer = string | readonly [status: number, code: string, more?: string];
/** By a call, such as `block`, `block NAME` or `block in REGION`. */
export type Answers = Readonly<Record<string, Answer>>;

/** A call that was made: of whom, by which key. */
export interface Call {
  readonly call: string;
  readonly key: string;
  readonly owner: unknown;
}

/** `answers` are those that nothing in `own` stands in for. `most` says how many requests were under way at once. */
export async function fakeAws(answers: Answers, own: Answers = {}) {
  const log: Call[] = [];
  const spent = new Set<string>();
  let [underWay, most] = [0, 0];
  const { url, close } = await listen(async (request, response) => {
    most = Math.max(most, ++underWay);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://s3");
    const { authorization = "", ...headers } = request.headers;
    const [, key = "", region = ""] = /Credential=(\w+)\/\d+\/([\w-]+)/.exec(authorization) ?? [];
    const body = await text(request);
    await new Promise((done) => setTimeout(done, 2));
    const name = pathname.replaceAll("/", "");
    const action = /Action=(\w+)/.exec(body)?.[1];
    const role = /iam%3A%3A(\d+)/.exec(body)?.[1];
    const part = [...searchParams.keys()].find((each) => ["policyStatus", "acl"].includes(each)) ?? "block";
    const call = action ?? (name.startsWith("v20180820") ? "account" : name === "" ? "list" : part);
    log.push({ call, key, owner: headers["x-amz-expected-bucket-owner"] ?? headers["x-amz-account-id"] });
    const wanted = [`${call} in ${region}`, `${call} ${name}`, call].find((each) => each in own && !spent.has(each));
    const answer = (wanted === undefined ? answers[call] : own[wanted]) ?? [400, "Unexpected"];
    const [status, code, more] = typeof answer === "string" ? [200] : answer;
    if (more === "once") spent.add(wanted ?? "");
    const error = `<Error><Code>${code ?? ""}</Code><Message>AKIDSECRET wJalrSECRET</Message></Error>`;
    const account = role ?? /^ASSUMED(\d+)/.exec(key)?.[1] ?? "111122223333";
    response.writeHead(status, { "content-type": "application/xml", ...(more && { "x-amz-bucket-region": more }) });
    const whole = action === undefined ? error : `<ErrorResponse>${error}</ErrorResponse>`;
    response.end(typeof answer === "string" ? answer.replace("ACCOUNT", account) : whole);
    underWay -= 1;
  });
  return { log, url, close, most: () => most };
}
