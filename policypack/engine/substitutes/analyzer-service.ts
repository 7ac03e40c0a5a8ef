/*
 * The service that the policy SDK's server serves. The SDK takes it from `@pulumi/pulumi/proto/analyzer_grpc_pb`, and no argument
 * of `new PolicyPack` changes that; the build puts this module in its place, and compares the two (scripts/build.mjs). It is the
 * protocol's own, but for the server that is started by `serving`.
 */
import { AnalyzerService as protocol, type IAnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";

let served = protocol;

export { served as AnalyzerService };

/** Starts a server, by `new PolicyPack`, that serves this service. The SDK looks it up while it starts, and never again. */
export function serving(service: IAnalyzerService, start: () => void): void {
  try {
    served = service;
    start();
  } finally {
    served = protocol;
  }
}
