import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";

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

/** A registry of npm on this machine. */
export interface OwnRegistry {
  env: NodeJS.ProcessEnv;
  /** The paths that it was asked for, in order. */
  asked: string[];
  close: () => void;
}

/** The body of `npm publish`, with the tarballs in base64, and without them the answer to whoever installs the package. */
interface Publication {
  versions: Record<string, unknown>;
  _attachments: Record<string, { data: string }>;
}

const PUBLISHED = "2020-01-01T00:00:00.000Z";

/** It has nothing but the packages that `npm publish` sends it. */
export async function ownRegistry(): Promise<OwnRegistry> {
  const packages = new Map<string, Omit<Publication, "_attachments">>();
  const tarballs = new Map<string, Buffer>();
  const asked: string[] = [];
  const { url, close } = await listen(async (request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    asked.push(path);
    if (request.method === "PUT") {
      const { _attachments, ...sent } = (await json(request)) as Publication;
      packages.set(path, { ...sent, versions: { ...packages.get(path)?.versions, ...sent.versions } });
      for (const [file, { data }] of Object.entries(_attachments))
        tarballs.set(`${path}/-/${file}`, Buffer.from(data, "base64"));
    }
    const tarball = tarballs.get(path);
    if (tarball !== undefined) return response.end(tarball);
    const found = packages.get(path);
    const times = Object.keys(found?.versions ?? {}).map((version) => [version, PUBLISHED]);
    response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ ...found, time: Object.fromEntries(times) as unknown, modified: PUBLISHED }));
  });
  return { env: { npm_config_registry: url }, asked, close: () => void close() };
}

/** One to which the tarball is published. */
export async function registryOfOne(tarball: string): Promise<OwnRegistry> {
  const registry = await ownRegistry();
  const { npm_config_registry: url = "" } = registry.env;
  const token = `--${url.replace("http:", "")}/:_authToken=any`;
  const { code, stderr } = await run("npm", ["publish", tarball, "--registry", url, token]);
  if (code !== 0) throw new Error(`npm can't publish ${tarball}: ${stderr}`);
  registry.asked.length = 0;
  return registry;
}
