import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { run } from "../engine/command";

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
  const { stdout } = await run("npm", ["config", "get", "registry"]);
  const upstream = stdout.trim().replace(/\/$/, "");
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const count = { answered: 0, refused: 0 };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (count.answered >= limit) {
      count.refused += 1;
      response.writeHead(503).end();
      return;
    }
    count.answered += 1;
    const { accept = "*/*" } = request.headers;
    const given = await fetch(`${upstream}${request.url ?? "/"}`, { headers: { accept } });
    const bytes = Buffer.from(await given.arrayBuffer());
    const type = given.headers.get("content-type") ?? "application/octet-stream";
    // The addresses of tarballs in a package's description have to lead here too.
    const body = type.includes("json") ? bytes.toString().replaceAll(upstream, url) : bytes;
    response.writeHead(given.status, { "content-type": type }).end(body);
  }

  server.on("request", (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return {
    env: (cache) => npmAt(url, cache),
    count,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
