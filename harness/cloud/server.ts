import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

import { Organization, type PackVersion } from "./organization";
import { notFound, Refusal } from "./refusal";
import { type Call, type CloudState, type Route, routes, updateOf } from "./routes";
import { Stacks } from "./stacks";

/** A stand-in for Pulumi Cloud: as much of its REST API as the CLI uses to publish, require and run policy packs. */
export interface Cloud extends CloudState {
  /** The only token it takes. */
  token: string;
  /** "METHOD path status" of every request, oldest first. */
  log: string[];
  /** What a download answers with in place of the uploaded tarball; undefined for the tarball itself. */
  download?: ((pack: PackVersion) => Buffer) | undefined;
  close(): Promise<void>;
}

/** Starts one on a free port of the loopback interface. */
export async function startCloud(organization = "acme", user = "developer"): Promise<Cloud> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const cloud: Cloud = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    user,
    token: `pul-${randomBytes(20).toString("hex")}`,
    organization: new Organization(organization),
    stacks: new Stacks(),
    log: [],
    close: () => close(server),
  };
  server.on("request", (request, response) => void respond(cloud, request, response));
  return cloud;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => {
    server.close(() => {
      done();
    });
  });
}

async function respond(cloud: Cloud, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname: path, searchParams } = new URL(request.url ?? "/", cloud.url);
  let status = 200;
  let answer: Buffer;
  try {
    const content = await read(request);
    answer = path.startsWith("/blobs/")
      ? blob(cloud, request.method ?? "", path.slice("/blobs/".length), content)
      : Buffer.from(JSON.stringify(dispatch(cloud, request, path, searchParams, content)));
  } catch (e) {
    status = e instanceof Refusal ? e.code : 500;
    answer = Buffer.from(
      JSON.stringify({ code: status, message: String(e instanceof Error ? e.message : e) }),
    );
  }
  cloud.log.push(`${request.method ?? ""} ${path} ${status}`);
  response.writeHead(status, { "content-length": answer.length }).end(answer);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const content = Buffer.concat(chunks);
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(content) : content;
}

/** The object store beside the API: the address is the secret, so no token is asked for. */
function blob(cloud: Cloud, method: string, key: string, content: Buffer): Buffer {
  const pack = cloud.organization.versions.find((v) => v.blob === key);
  if (!pack) throw notFound("object");
  if (method === "PUT") {
    pack.tarball = content;
    return Buffer.alloc(0);
  }
  if (!pack.tarball) throw notFound("object");
  return cloud.download?.(pack) ?? pack.tarball;
}

function dispatch(
  cloud: Cloud,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
  content: Buffer,
): unknown {
  for (const route of routes) {
    const params = route.method === request.method && match(route.path, path);
    if (!params) continue;
    const call: Call = {
      state: cloud,
      part: (name) => params[name] ?? "",
      query,
      body: content.length > 0 ? JSON.parse(content.toString()) : undefined,
    };
    authorise(cloud, route, call, request.headers.authorization);
    return route.answer(call);
  }
  throw notFound(`${request.method ?? ""} ${path}`);
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const [want, have] = [pattern.split("/"), path.split("/")];
  if (want.length !== have.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = decodeURIComponent(have[i] ?? "");
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

function authorise(cloud: Cloud, route: Route, call: Call, header: string | undefined): void {
  const expected = route.lease ? `update-token ${updateOf(call).lease}` : `token ${cloud.token}`;
  if (header !== expected) {
    throw new Refusal(401, "Unauthorized: No credentials provided or are invalid.");
  }
}
