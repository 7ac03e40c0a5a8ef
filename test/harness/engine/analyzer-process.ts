/** The process of a policy pack, started with the command line that the Node.js language host uses. */
import { once } from "node:events";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { start } from "./command";
import { resolveFrom } from "./language-host/resolve";
import { serve } from "./plugin";

/** Milliseconds that a pack may take over starting. */
const LIMIT_MS = 30_000;
/** Milliseconds that it may take over an answer. */
const CALL_LIMIT_MS = 60_000;

export interface PackProcess {
  /** Sends the bytes of a request to a method of the service, such as "/pulumirpc.Analyzer/Analyze". */
  call(path: string, request: Buffer): Promise<Buffer>;
  /** Its peak memory, in MB. Only Linux reports it. */
  peakMemory: () => number | undefined;
  close: () => Promise<void>;
}

/** As much of an engine as a policy pack needs: something that takes its log lines. */
const ENGINE: Partial<IEngineServer> = {
  log: (_call, callback) => {
    callback(null, new Empty());
  },
};

/**
 * Starts `node @pulumi/pulumi/cmd/run-policy-pack ENGINE PACKDIR` in the pack's folder, or `EXECUTABLE ENGINE`, and waits for its
 * port.
 */
export async function spawnPack(pack: string, env?: NodeJS.ProcessEnv): Promise<PackProcess> {
  const isFolder = statSync(pack).isDirectory();
  const folder = realpathSync(isFolder ? pack : dirname(pack));
  const engine = await serve(EngineService, ENGINE as grpc.UntypedServiceImplementation);
  const engineAddress = `127.0.0.1:${String(engine.port)}`;
  const [command, args] = isFolder
    ? [process.execPath, [resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack"), engineAddress, folder]]
    : [pack, [engineAddress]];
  const child = start(command, args, {
    cwd: folder,
    env: { ...process.env, PULUMI_NODEJS_TYPESCRIPT: undefined, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      if (stdout.includes("\n")) resolve(stdout.slice(0, stdout.indexOf("\n")));
    });
  });
  const stop = async () => {
    child.kill();
    await child;
    engine.server.forceShutdown();
  };
  const late = once(AbortSignal.timeout(LIMIT_MS), "abort");
  const port = Number(await Promise.race([firstLine, child.then(() => NaN), late.then(() => NaN)]));
  if (!Number.isInteger(port) || port <= 0) {
    await stop();
    throw new Error(`the policy pack in ${folder} did not start: ${stdout}${stderr}`);
  }
  const limits = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const client = new grpc.Client(`127.0.0.1:${String(port)}`, grpc.credentials.createInsecure(), limits);
  const asIs = (bytes: Buffer) => bytes;
  return {
    call: (path, request) =>
      new Promise((resolve, reject) => {
        const limit = { deadline: Date.now() + CALL_LIMIT_MS };
        client.makeUnaryRequest(path, asIs, asIs, request, limit, (error, response) => {
          if (error) reject(error);
          else if (response === undefined) reject(new Error(`${path} has no answer`));
          else resolve(response);
        });
      }),
    peakMemory: () => peakMemoryOf(child.pid),
    close: async () => {
      client.close();
      const alive = child.exitCode === null && child.signalCode === null;
      await stop();
      if (!alive) throw new Error(`the policy pack in ${folder} had died: ${stderr}`);
    },
  };
}

function peakMemoryOf(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
