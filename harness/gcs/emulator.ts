/** A Google Cloud Storage to test against: an emulator of it, on this machine and for this machine only. */
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { start } from "../engine/command";
import { environment, type Python } from "../python/environment";

export interface Gcs {
  /** For STORAGE_EMULATOR_HOST, such as 127.0.0.1:41055 */
  readonly host: string;
  /** Writes an object. @throws Error with the emulator's words */
  readonly put: (bucket: string, name: string, content: string) => Promise<void>;
  /** Ends it, and with it everything that it kept. */
  readonly stop: () => Promise<void>;
}

/** It also ends when its standard input does: so it never outlives tests that were killed. */
const SERVER = `
import sys
from gcp_storage_emulator.server import create_server
server = create_server("127.0.0.1", 0, in_memory=True, default_bucket=sys.argv[1])
server.start()
print(server._api._httpd.server_port, flush=True)
sys.stdin.read()
server.stop()
`;

/**
 * Starts one on a free port, with an empty bucket in it.
 * @throws Error with its words when it does not start
 */
export async function startGcs(python: Python, bucket: string, say: (line: string) => void): Promise<Gcs> {
  const executable = await environment(python, join(__dirname, "requirements.txt"), say);
  const server = start(executable, ["-c", SERVER, bucket]);
  const errors = text(server.stderr);
  const stop = async (): Promise<void> => {
    server.kill();
    await server;
  };
  for await (const port of createInterface(server.stdout)) {
    const host = `127.0.0.1:${port}`;
    const put: Gcs["put"] = async (into, name, content) => {
      const query = `uploadType=media&name=${encodeURIComponent(name)}`;
      const url = `http://${host}/upload/storage/v1/b/${into}/o?${query}`;
      const answer = await fetch(url, { method: "POST", body: content });
      if (!answer.ok) throw new Error(`${name} was not written: ${await answer.text()}`);
    };
    return { host, put, stop };
  }
  throw new Error(`the emulator did not start: ${await errors}`);
}
