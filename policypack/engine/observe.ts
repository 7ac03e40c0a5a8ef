import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeRequest, AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { relevantResources } from "./decode";
import { fromInputs, fromOutputs, type Resource } from "./resource";

/*
 * The SDK hands a stack policy less than the engine sends: not the inputs, which are all there is of a resource whose
 * provider can't be asked at preview, and of the references only those to resources in the stack, so that "this bucket
 * and one that is only read" looks like "this bucket". The policies therefore read the requests themselves. The SDK gets
 * them without the properties, which it would unpack again for each policy and each resource.
 */

const analyzed = new Map<string, Resource>();
let stack: readonly Resource[] | undefined;

/** Starts to read the engine's requests. Call it before `new PolicyPack`, which starts the server. */
export function observe(isRelevant: (type: string) => boolean): void {
  tap(AnalyzerService.analyze, (request: AnalyzeRequest) => {
    if (isRelevant(request.getType())) analyzed.set(request.getUrn(), fromInputs(request));
    request.setProperties(new Struct());
  });
  const { analyzeStack } = AnalyzerService;
  const decode = analyzeStack.requestDeserialize;
  analyzeStack.requestDeserialize = (bytes) => decode(relevantResources(bytes, isRelevant));
  tap(analyzeStack, (request: AnalyzeStackRequest) => {
    const relevant = request.getResourcesList().filter((resource) => isRelevant(resource.getType()));
    stack = relevant.map((resource) => fromOutputs(resource, analyzed.get(resource.getUrn())));
    request.setResourcesList([]);
  });
}

/** The resource that is being analyzed. */
export function analyzedResource(urn: string): Resource {
  return analyzed.get(urn) ?? notObserved();
}

/** The stack that is being analyzed: its S3 resources, in the engine's order, which is none. */
export function analyzedStack(): readonly Resource[] {
  return stack ?? notObserved();
}

function tap<Request>(
  method: { requestDeserialize: (bytes: Buffer) => Request },
  see: (request: Request) => void,
): void {
  const decode = method.requestDeserialize;
  method.requestDeserialize = (bytes) => {
    const request = decode(bytes);
    see(request);
    return request;
  };
}

function notObserved(): never {
  throw new Error(
    "the policy pack could not read the engine's request: its copies of @pulumi/policy and @pulumi/pulumi don't belong " +
      "together. Install the pack with the npm-shrinkwrap.json that it comes with.",
  );
}
