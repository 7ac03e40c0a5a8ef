import { deserializeProperties } from "@pulumi/policy/deserialize";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerResourceOptions,
  type AnalyzeRequest,
  type AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { relevantProperties, relevantResources } from "./decode";
import { fromInputs, fromOutputs, type Resource } from "./resource";

/*
 * The SDK hands a stack policy less than the engine sends: not the inputs, which are all there is of a resource whose
 * provider can't be asked at preview, and of the references only those to resources in the stack, so that "this bucket
 * and one that is only read" looks like "this bucket". The policies therefore read the requests themselves. The SDK gets
 * them without the properties, which it would unpack again for each policy and each resource.
 */

declare module "@pulumi/policy/deserialize" {
  /** What the SDK unpacks a resource with; it is left out of the package's types. */
  function deserializeProperties(properties: Struct, proxySecrets: boolean): object;
}

const analyzed = new Map<string, Resource>();
let stack: readonly Resource[] | undefined;

/** The types of the resources that any policy reads, and of those that any policy mends. */
interface Types {
  readonly isRelevant: (type: string) => boolean;
  readonly isRemediable: (type: string) => boolean;
}

/** Starts to read the engine's requests. Call it before `new PolicyPack`, which starts the server. */
export function observe({ isRelevant, isRemediable }: Types): void {
  const { analyze, analyzeStack, remediate } = AnalyzerService;
  tap(analyze, relevantProperties, isRelevant, (request: AnalyzeRequest) => {
    if (isRelevant(request.getType())) analyzed.set(request.getUrn(), fromInputs(request));
    request.setProperties(new Struct());
  });
  tap(analyzeStack, relevantResources, isRelevant, (request: AnalyzeStackRequest) => {
    const relevant = request.getResourcesList().filter((resource) => isRelevant(resource.getType()));
    stack = relevant.map((resource) => fromOutputs(resource, analyzed.get(resource.getUrn())));
    request.setResourcesList([]);
  });
  tap(remediate, relevantProperties, isRemediable, (request: AnalyzeRequest) => {
    // The engine asks this of every resource. The SDK never answers if it can't unpack one, an empty asset for instance,
    // and the preview would hang. Of the few that it does unpack, one that it can't is found out here, as an error.
    const properties = request.getProperties() ?? new Struct();
    request.setProperties(properties);
    request.setOptions(request.getOptions() ?? new AnalyzerResourceOptions());
    deserializeProperties(properties, true);
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
  reduce: (bytes: Buffer, isRelevant: (type: string) => boolean) => Buffer,
  isRelevant: (type: string) => boolean,
  see: (request: Request) => void,
): void {
  const decode = method.requestDeserialize;
  method.requestDeserialize = (bytes) => {
    const request = decode(reduce(bytes, isRelevant));
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
