/** As much of an engine as a policy pack needs: something that takes its log lines. */
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** Serves on a free local port. */
export async function serveEngine(): Promise<{ address: string; close(): void }> {
  const server = new grpc.Server();
  const service: Partial<IEngineServer> = {
    log: (_call, callback) => {
      callback(null, new Empty());
    },
  };
  server.addService(EngineService, service as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    address: `127.0.0.1:${String(port)}`,
    close: () => {
      server.forceShutdown();
    },
  };
}
