/** An S3 to test against: moto's server, on this machine and for this machine only. */
import { on } from "node:events";
import { join } from "node:path";
import { start } from "../engine/command";
import { environment } from "../python/environment";
import type { Python } from "../python/environment";

export type Moto = Awaited<ReturnType<typeof startMoto>>;

const START_LIMIT_MS = 60_000;

/** moto's server, which also ends when its standard input does: so it never outlives tests that were killed. */
const SERVER = `
import os, sys, threading
from moto.server import main
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
`;

/**
 * Starts an empty S3 on a free port, such as http://127.0.0.1:41055. It ends with this process, or before, by `stop`.
 * @throws Error with the server's words when it does not start.
 */
export async function startMoto(python: Python, say: (line: string) => void) {
  const executable = await environment(python, join(__dirname, "requirements.txt"), say);
  const server = start(executable, ["-c", SERVER]);
  /** Ends the server, and with it everything that it kept. */
  const stop = async (): Promise<void> => {
    server.kill();
    await server;
  };
  try {
    return { endpoint: await address(server.stderr), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The address in what the server prints; it logs each request there too, so the rest is read and dropped. Readline doesn't
 * serve: it pauses the stream again when its signal comes, and a server that can't write its log stops.
 */
async function address(output: NodeJS.ReadableStream): Promise<string> {
  let said = "";
  try {
    for await (const [chunk] of on(output, "data", { signal: AbortSignal.timeout(START_LIMIT_MS), close: ["end"] })) {
      said += String(chunk);
      const endpoint = /Running on (http:\S+)\s/.exec(said)?.[1];
      if (endpoint !== undefined) return endpoint;
    }
    throw new Error(`moto's server did not start: ${said}`);
  } finally {
    output.resume();
  }
}
