/** A pack that is running, timed from the moment it was started. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as grpc from "@grpc/grpc-js";
import { serveEngine } from "../../harness/engine/fake-engine";
import { commandOf, FRESH, type Pack } from "./packs";

export interface RunningPack {
  /** Milliseconds from the start of its process to the port that it prints. */
  readonly toPort: number;
  readonly sinceStart: () => number;
  /** Sends bytes to a method of the Analyzer service, and returns the bytes of the answer. */
  readonly call: (method: string, request: Uint8Array) => Promise<Buffer>;
  /** Its peak memory, in MB. Only Linux reports it. */
  readonly peakMemory: () => number | undefined;
  readonly stop: () => Promise<void>;
}

const LIMIT_MS = 30 * 60_000; // A search in a loop takes minutes on a large stack.
const NO_LIMITS = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export async function start(pack: Pack, env: NodeJS.ProcessEnv = {}): Promise<RunningPack> {
  const engine = await serveEngine();
  const { command, args, cwd } = commandOf(pack, engine.address);
  const started = performance.now();
  const sinceStart = (): number => performance.now() - started;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...FRESH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.on("data", (data: Buffer) => errors.push(data.toString()));
  const ended = once(child, "close");
  const first = await Promise.race([once(child.stdout, "data"), ended.then(() => [""])]);
  const toPort = sinceStart();
  const port = Number(String(first[0]));
  if (!(port > 0)) throw new Error(`${pack.name} did not start: ${errors.join("")}`);

  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), NO_LIMITS);
  const call = (method: string, request: Uint8Array): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        `/pulumirpc.Analyzer/${method}`,
        (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
        (bytes) => bytes,
        request,
        { deadline: Date.now() + LIMIT_MS },
        (error, answer) => {
          if (error) reject(new Error(`${pack.name}: ${error.message}`));
          else resolve(answer ?? Buffer.alloc(0));
        },
      );
    });
  const stop = async (): Promise<void> => {
    client.close();
    child.kill("SIGKILL");
    await ended;
    engine.close();
  };
  return { toPort, sinceStart, call, peakMemory: () => peakMemoryOf(child.pid), stop };
}

function peakMemoryOf(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
