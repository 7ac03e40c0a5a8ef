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

const PUBLISHED = "2020-01-01T00:00:00.000Z";

/** It has nothing but the tarball, as if that had been published there. */
export async function registryOfOne(tarball: string): Promise<OwnRegistry> {
  const { stdout } = await run("tar", ["-xzOf", tarball, "package/package.json"]);
  const manifest = JSON.parse(stdout) as { name: string; version: string };
  const { name, version } = manifest;
  const file = `/${name}/-/own-${version}.tgz`;
  const asked: string[] = [];
  const { url, close } = await listen(({ url: path = "/" }, response) => {
    const plain = decodeURIComponent(path);
    asked.push(plain);
    if (plain === file) return Promise.resolve(response.end(readFileSync(tarball)));
    const dist = { integrity: integrityOf(tarball), tarball: `${url}${file}` };
    const versions = { [version]: { ...manifest, dist } };
    const times = { time: { [version]: PUBLISHED }, modified: PUBLISHED };
    const found = plain === `/${name}` ? { name, "dist-tags": { latest: version }, versions, ...times } : {};
    response.writeHead(plain === `/${name}` ? 200 : 404, { "content-type": "application/json" });
    return Promise.resolve(response.end(JSON.stringify(found)));
  });
  return { env: { npm_config_registry: url }, asked, close: () => void close() };
}
