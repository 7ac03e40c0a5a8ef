/** An S3 to test against: moto's server, on this machine and for this machine only. */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { start } from "../engine/command";
import { environment } from "../python/environment";
import type { Python } from "../python/environment";

export type Moto = Awaited<ReturnType<typeof startMoto>>;

const START_LIMIT_MS = 60_000;

/** moto's server prints its address, and then nothing: nobody reads it. It ends with its standard input, and so with tests that are killed. */
const SERVER = `
import logging, os, sys
sys.stderr = sys.stdout
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").disabled = True
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdout = sys.stderr = open(os.devnull, "w")
sys.stdin.read()
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
  const words: string[] = [];
  for await (const line of createInterface({ input: server.stdout, signal: AbortSignal.timeout(START_LIMIT_MS) })) {
    if (line.startsWith("http:")) return { endpoint: line, stop };
    words.push(line);
  }
  await stop();
  throw new Error(`moto's server did not start: ${words.join("\n")}`);
}
