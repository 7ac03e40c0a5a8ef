import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { run } from "../engine/command";

/** A file's hash as npm writes it. */
export function integrityOf(file: string): string {
  return `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
}

/** The environment of someone who reaches no registry, and whose npm tries each request once. */
export function withoutNetwork(cache: string): NodeJS.ProcessEnv {
  // Port 9 (discard) of the loopback interface: refused at once.
  const registry = "http://127.0.0.1:9";
  return { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: "0" };
}

/** A registry that has this package, in one version. */
export interface OwnRegistry {
  env: NodeJS.ProcessEnv;
  /** The paths that it was asked for, in order. */
  asked: string[];
  close: () => void;
}

/** It passes on the answers of the registry that npm is set up for, as if the tarball had been published there. */
export const registryWith = (tarball: string): Promise<OwnRegistry> =>
  registryOf(tarball, (request) => request.passOn());

/** It has nothing but the tarball, as if that had been published there. */
export const registryOfOne = (tarball: string): Promise<OwnRegistry> =>
  registryOf(tarball, () => Promise.resolve({ status: 404, type: "application/json", body: "{}" }));

async function registryOf(tarball: string, otherwise: (request: Request) => Promise<Answer>): Promise<OwnRegistry> {
  const { stdout } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const manifest = JSON.parse(stdout) as { name: string; version: string };
  const bytes = readFileSync(tarball);
  const dist = { integrity: integrityOf(tarball) };
  const file = `/${manifest.name}/-/own-${manifest.version}.tgz`;
  const asked: string[] = [];
  const { url, close } = await serve((request) => {
    const path = decodeURIComponent(request.path);
    asked.push(path);
    if (path === file) return Promise.resolve({ status: 200, body: bytes });
    if (path !== `/${manifest.name}`) return otherwise(request);
    const version = { ...manifest, dist: { ...dist, tarball: `${url}${file}` } };
    const versions = { [manifest.version]: version };
    const time = { [manifest.version]: "2020-01-01T00:00:00.000Z" };
    const document = {
      ...{ name: manifest.name, "dist-tags": { latest: manifest.version }, versions, time },
      modified: time[manifest.version],
    };
    return Promise.resolve({ status: 200, type: "application/json", body: JSON.stringify(document) });
  });
  return { env: { npm_config_registry: url }, asked, close };
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

async function serve(answer: (request: Request) => Promise<Answer>): Promise<{ url: string; close: () => void }> {
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
