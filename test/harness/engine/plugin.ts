/** gRPC servers, as the engine and its plugins start them. */
import * as grpc from "@grpc/grpc-js";

/** Serves on a free local port. */
export async function serve(
  definition: grpc.ServiceDefinition,
  service: grpc.UntypedServiceImplementation,
): Promise<{ port: number; server: grpc.Server }> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(definition, service);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { port, server };
}

/**
 * Serves a plugin, and prints its port, which is how the engine learns it. The process ends when the engine interrupts it, or
 * dies: the engine holds the other end of stdin open for as long as it lives, even when it is killed and can send no signal.
 */
export async function servePlugin(
  definition: grpc.ServiceDefinition,
  service: grpc.UntypedServiceImplementation,
  cleanUp: () => void = () => undefined,
): Promise<void> {
  const end = () => {
    cleanUp();
    process.exit(0);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  process.stdin.once("end", end).once("error", end).resume();
  const { port } = await serve(definition, service);
  process.stdout.write(`${String(port)}\n`);
}

/** An asynchronous function as a gRPC handler: what it throws is the call's error. */
export function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}
