import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { run } from "../engine/command";

/** A file's hash as npm writes it. */
export function integrityOf(file: string): string {
  return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}

/** The environment of someone whose npm starts with an empty cache and tries each request once. */
function npmAt(registry: string, cache: string): NodeJS.ProcessEnv {
  return { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: "0" };
}

/** The environment of someone who reaches no registry. */
export function withoutNetwork(cache: string): NodeJS.ProcessEnv {
  // Port 9 (discard) of the loopback interface: refused at once.
  return npmAt("http://127.0.0.1:9", cache);
}

/** A registry that goes down in the middle of an install. */
export interface FailingRegistry {
  env: (cache: string) => NodeJS.ProcessEnv;
  /** How many requests it has answered, and how many it has refused since it is down. */
  count: { answered: number; refused: number };
  close: () => void;
}

/** It passes on the answers of the registry that npm is set up for, as many as `limit`, and is out of order then. */
export async function failingRegistry(limit: number): Promise<FailingRegistry> {
  const count = { answered: 0, refused: 0 };
  const { url, close } = await serve(async (request) => {
    if (count.answered >= limit) {
      count.refused += 1;
      return { status: 503 };
    }
    count.answered += 1;
    return request.passOn();
  });
  return { env: (cache) => npmAt(url, cache), count, close };
}

/** A registry that has this package too, in one version. */
export interface OwnRegistry {
  env: NodeJS.ProcessEnv;
  close: () => void;
}

/** It passes on the answers of the registry that npm is set up for, as if the tarball had been published there. */
export async function registryWith(tarball: string): Promise<OwnRegistry> {
  const { stdout } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const manifest = JSON.parse(stdout) as { name: string; version: string };
  const bytes = readFileSync(tarball);
  const dist = { integrity: integrityOf(tarball) };
  const { url, close } = await serve((request) => {
    if (request.path === `/${manifest.name}/-/own.tgz`) return Promise.resolve({ status: 200, body: bytes });
    if (request.path !== `/${manifest.name}`) return request.passOn();
    const version = {
      ...manifest,
      _hasShrinkwrap: true,
      dist: { ...dist, tarball: `${url}/${manifest.name}/-/own.tgz` },
    };
    const versions = { [manifest.version]: version };
    const document = { name: manifest.name, "dist-tags": { latest: manifest.version }, versions };
    return Promise.resolve({ status: 200, type: "application/json", body: JSON.stringify(document) });
  });
  return { env: { npm_config_registry: url }, close };
}

interface Answer {
  status: number;
  type?: string;
  body?: Buffer | string;
}

interface Request {
  path: string;
  /** What the registry answers that npm is set up for. */
  passOn: () => Promise<Answer>;
}

async function serve(
  answer: (request: Request) => Promise<Answer>,
): Promise<{ url: string; close: () => void }> {
  const { stdout } = await run("npm", ["config", "get", "registry"]);
  const upstream = stdout.trim().replace(/\/$/, "");
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function passOn(path: string, accept = "*/*"): Promise<Answer> {
    const given = await fetch(`${upstream}${path}`, { headers: { accept } });
    const bytes = Buffer.from(await given.arrayBuffer());
    const type = given.headers.get("content-type") ?? "application/octet-stream";
    // The addresses of tarballs in a package's description have to lead here too.
    const body = type.includes("json") ? bytes.toString().replaceAll(upstream, url) : bytes;
    return { status: given.status, type, body };
  }

  server.on("request", ({ url: path = "/", headers }, response) => {
    answer({ path, passOn: () => passOn(path, headers.accept) }).then(
      ({ status, type = "application/octet-stream", body }) =>
        response.writeHead(status, { "content-type": type }).end(body),
      () => response.destroy(),
    );
  });
  return {
    url,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
