import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { run } from "../engine/command";
import { listen } from "../listen";

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

interface Answer {
  status: number;
  type?: string;
  body: Buffer | string;
}

/** It passes on the answers of the registry that npm is set up for, as if the tarball had been published there. */
export async function registryWith(tarball: string): Promise<OwnRegistry> {
  const { stdout } = await run("npm", ["config", "get", "registry"]);
  const upstream = stdout.trim().replace(/\/$/, "");
  return registryOf(tarball, async (path, accept, url) => {
    const given = await fetch(`${upstream}${path}`, { headers: { accept } });
    const bytes = Buffer.from(await given.arrayBuffer());
    const type = given.headers.get("content-type") ?? BYTES;
    // The addresses of tarballs in a package's description have to lead here too.
    const body = type.includes("json") ? bytes.toString().replaceAll(upstream, url) : bytes;
    return { status: given.status, type, body };
  });
}

/** It has nothing but the tarball, as if that had been published there. */
export const registryOfOne = (tarball: string): Promise<OwnRegistry> =>
  registryOf(tarball, () => Promise.resolve({ status: 404, type: JSON_TYPE, body: "{}" }));

const JSON_TYPE = "application/json";
const BYTES = "application/octet-stream";
const PUBLISHED = "2020-01-01T00:00:00.000Z";

async function registryOf(
  tarball: string,
  otherwise: (path: string, accept: string, url: string) => Promise<Answer>,
): Promise<OwnRegistry> {
  const { stdout } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const manifest = JSON.parse(stdout) as { name: string; version: string };
  const { name, version } = manifest;
  const file = `/${name}/-/own-${version}.tgz`;
  const asked: string[] = [];
  const { url, close } = await listen(async ({ url: path = "/", headers }, response) => {
    const plain = decodeURIComponent(path);
    asked.push(plain);
    const { status, type = BYTES, body } = await answered(plain, path, headers.accept ?? "*/*");
    response.writeHead(status, { "content-type": type }).end(body);
  });
  const answered = async (plain: string, path: string, accept: string): Promise<Answer> => {
    if (plain === file) return { status: 200, body: readFileSync(tarball) };
    if (plain !== `/${name}`) return otherwise(path, accept, url);
    const dist = { integrity: integrityOf(tarball), tarball: `${url}${file}` };
    const versions = { [version]: { ...manifest, dist } };
    const times = { time: { [version]: PUBLISHED }, modified: PUBLISHED };
    const body = JSON.stringify({ name, "dist-tags": { latest: version }, versions, ...times });
    return { status: 200, type: JSON_TYPE, body };
  };
  return { env: { npm_config_registry: url }, asked, close: () => void close() };
}
