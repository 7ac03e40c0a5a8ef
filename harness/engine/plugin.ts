/** What every Pulumi plugin process does, whatever it serves. */
import * as grpc from "@grpc/grpc-js";

/** Listens on a free local port and prints it, which is how the engine learns it. */
export async function serve(server: grpc.Server): Promise<void> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  process.stdout.write(`${String(port)}\n`);
}

/**
 * Ends this process when the engine interrupts it, or dies: the engine holds the other end of stdin open for as long as
 * it lives, even when it is killed and can send no signal.
 */
export function endWithTheEngine(cleanUp: () => void = () => undefined): void {
  const end = () => {
    cleanUp();
    process.exit(0);
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdin.once("end", end);
  process.stdin.once("error", end);
  process.stdin.resume();
}
