/**
 * A gateway in front of moto that answers as S3 does where moto doesn't: 409 to a change of a bucket while another one
 * is under way. It keeps a list of the changes, and lets a test refuse one or stop at it.
 */
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../listen";

/** How long a change takes at the least: long enough for a second one to meet it. */
const HOLD_MS = 50;

/** The bucket and the change that a request makes to it; undefined for one that only reads, or that is about an object. */
function changeOf({ method = "", url = "" }: IncomingMessage): { bucket: string; change: string } | undefined {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const [bucket, key] = pathname.slice(1).split("/");
  if (!bucket || key || !["PUT", "DELETE"].includes(method)) return undefined;
  const [part] = searchParams.keys();
  return { bucket, change: `${method} ${bucket}${part === undefined ? "" : `?${part}`}` };
}

/** Passes a request on whole: one that is cut off half-way reaches S3 no more than it would without a gateway. */
async function forward(incoming: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
  const body = await buffer(incoming);
  const { method, headers, url } = incoming;
  const onward = request(new URL(url ?? "/", target), { method, headers });
  onward.end(body);
  const [answered] = (await once(onward, "response")) as [IncomingMessage];
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  response.end(await buffer(answered));
}

/** Starts a gateway to the S3 that answers at `target`; each answer takes so many milliseconds longer. */
export async function startGateway(target: string, delayMs = 0) {
  const underWay = new Set<string>();
  const gateway = {
    /** How many requests there were so far. */
    requests: 0,
    /** Each change of a bucket so far, in order, such as `PUT the-data?publicAccessBlock`. Refused ones too. */
    changes: [] as string[],
    /** Asked before each change; an answer of "refuse" makes S3 answer AccessDenied. */
    before: (() => "pass") as (change: string) => "pass" | "refuse",
  };

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, code: string, message: string) =>
      response
        .writeHead(status, { "content-type": "application/xml" })
        .end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
    gateway.requests += 1;
    const made = changeOf(incoming);
    if (delayMs > 0) await sleep(delayMs);
    if (!made) return forward(incoming, response, target);
    const { bucket, change } = made;
    gateway.changes.push(change);
    if (gateway.before(change) === "refuse") refuse(403, "AccessDenied", "Access Denied");
    else if (underWay.has(bucket)) refuse(409, "OperationAborted", "A conflicting operation is currently in progress.");
    else {
      underWay.add(bucket);
      await sleep(HOLD_MS);
      await forward(incoming, response, target).finally(() => underWay.delete(bucket));
    }
  }

  const { url: endpoint, close } = await listen(handle);
  return Object.assign(gateway, { endpoint, stop: close });
}
