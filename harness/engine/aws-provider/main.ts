/** The executable behind the stand-in pulumi-resource-aws. */
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { version } from "@pulumi/aws/package.json";
import { endWithTheEngine, serve } from "../plugin";
import type { Backend } from "./backend";
import { memory } from "./memory";
import { handlers } from "./service";

/** S3 at the address that a test gives, else memory. Loaded only when asked for: the AWS SDK takes a tenth of a second. */
async function backend(): Promise<Backend> {
  const endpoint = process.env.STANDIN_S3_ENDPOINT;
  return endpoint === undefined ? memory : (await import("./s3.js")).s3Backend(endpoint);
}

async function main(): Promise<void> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
  server.addService(ResourceProviderService, handlers(await backend(), version));
  endWithTheEngine();
  await serve(server);
}

void main();
