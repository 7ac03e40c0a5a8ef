/** The executable behind the stand-in pulumi-resource-aws. */
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { version } from "@pulumi/aws/package.json";
import { servePlugin } from "../plugin";
import { memory } from "./memory";
import { handlers } from "./service";

async function main(): Promise<void> {
  // S3 at the address that a test gives, else memory. Loaded only when asked for: the AWS SDK takes a tenth of a second.
  const endpoint = process.env.STANDIN_S3_ENDPOINT;
  const backend = endpoint === undefined ? memory : (await import("./s3.js")).s3Backend(endpoint);
  await servePlugin(ResourceProviderService, handlers(backend, version));
}

void main();
