import { deserializeProperties } from "@pulumi/policy/deserialize";
import { AnalyzerService, type IAnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerResourceOptions, EnforcementLevel, type AnalyzeRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { hasProvider, relevantProperties, relevantResources } from "./decode";
import { isIdentity, mayConcernS3 } from "../aws/identities";
import { isOfAws } from "../aws/types";
import { fromInputs, fromOutputs, type Resource } from "./resource";

declare module "@pulumi/policy/deserialize" {
  /** The SDK unpacks resources with it; the package's types leave it out. */
  function deserializeProperties(properties: Struct, proxySecrets: boolean): object;
}

type IsOfType = (type: string) => boolean;

/** The configuration as the engine sends it, unknown policy names included. */
export interface Configuration {
  readonly levels: ReadonlyMap<string, EnforcementLevel>;
  /** Options under `all` other than the level; the engine doesn't pass them on to policies. */
  readonly all: Readonly<Record<string, unknown>>;
}

/**
 * The program's resources as plain values, decoded from the engine's requests.
 *
 * The SDK hands a stack policy less than the engine sends: not the inputs, which are all there is of a resource whose
 * provider can't be asked at preview, and of the references only those to resources in the stack, so that "this bucket
 * and one that is only read" looks like "this bucket". The policies therefore read the requests themselves. The SDK gets
 * them without the properties, which it would unpack again for each policy and each resource.
 *
 * Lifecycle: a view is of one preview or update. The SDK's server is started with the view's `service`, the protocol's own but
 * for the decoders of five requests, which show each request to the view on its way to the SDK. The engine asks for one resource
 * after the other (Analyze), then for the stack (AnalyzeStack); the SDK answers a request in the turn in which it is decoded, so
 * `stack` is the request's own. Resources that no policy reads are left out.
 */
export class EngineView {
  /** The service to start the server with. A view whose service isn't served sees nothing, and says so when it is asked. */
  readonly service: IAnalyzerService;
  /** The pack's configuration: a new object each time that the engine sends it. */
  configuration: Configuration = { levels: new Map(), all: {} };
  /** How the URNs of the stack begin; undefined for an older engine. */
  urnStart: string | undefined;
  /** Whether nothing is made in this run. False for an older engine. */
  isPreview = false;
  /** The stack's tags, as far as the backend has any. */
  tags: ReadonlyMap<string, string> = new Map();
  readonly #analyzed = new Map<string, Resource>();
  #stack: readonly Resource[] | undefined;
  #isOfProgram = false;
  #hasProviders = false;

  /** The types of the resources that any policy reads, and of those that any policy fixes. */
  constructor(isRelevant: IsOfType, isRemediable: IsOfType) {
    const { analyze, analyzeStack, configure, configureStack, getAnalyzerInfo, remediate } = AnalyzerService;
    let info: Buffer | undefined;
    this.service = {
      ...AnalyzerService,
      // The engine asks more than once for what never changes, and to write it costs as much as to load the policies.
      getAnalyzerInfo: {
        ...getAnalyzerInfo,
        responseSerialize: (answer) => (info ??= getAnalyzerInfo.responseSerialize(answer)),
      },
      configure: decodedBy(configure, (bytes, decode) => {
        const request = decode(bytes);
        const policies = request.getPolicyconfigMap();
        const all = policies.get("all")?.getProperties()?.toJavaScript() ?? {};
        const levels = new Map<string, EnforcementLevel>();
        policies.forEach((config, name) => levels.set(name, config.getEnforcementlevel()));
        this.configuration = { levels, all };
        return request;
      }),
      configureStack: decodedBy(configureStack, (bytes, decode) => {
        const request = decode(bytes);
        const [stack, project] = [request.getStack(), request.getProject()];
        this.urnStart = stack === "" || project === "" ? undefined : `urn:pulumi:${stack}::${project}::`;
        this.isPreview = request.getDryRun();
        this.tags = new Map(request.getTagsMap().toArray());
        return request;
      }),
      analyze: decodedBy(analyze, (bytes, decode) => {
        this.#hasProviders ||= hasProvider(bytes);
        // Policies on identities read no more than their outputs, at the end.
        const isRead: IsOfType = (type) => isRelevant(type) && !isIdentity(type);
        const request = decode(relevantProperties(bytes, isRead));
        const type = request.getType();
        if (isRead(type)) this.#analyzed.set(request.getUrn(), fromInputs(request));
        // States from older versions have no providers (`pulumi policy analyze`).
        this.#isOfProgram ||= isRead(type) && /^aws(-native)?:/.test(type);
        return request.setProperties(new Struct());
      }),
      analyzeStack: decodedBy(analyzeStack, (bytes, decode) => {
        const concernsS3 = mayConcernS3(bytes);
        const request = decode(relevantResources(bytes, (type, each) => isRelevant(type) && concernsS3(type, each)));
        const stack = request
          .getResourcesList()
          .filter((resource) => isRelevant(resource.getType()))
          .map((resource) => fromOutputs(resource, this.#analyzed.get(resource.getUrn())));
        // A component may have any type. It has no provider; in a state from an older version, nothing has one.
        const hasProviders = this.#hasProviders || stack.some(({ provider }) => provider !== undefined);
        this.#stack = stack.filter(({ type, provider }) => !hasProviders || provider !== undefined || !isOfAws(type));
        return request.setResourcesList([]);
      }),
      remediate: decodedBy(remediate, (bytes, decode) => readable(decode(relevantProperties(bytes, isRemediable)))),
    };
  }

  /** The resource that is being analyzed, by its inputs. */
  resource(urn: string): Resource {
    return this.#analyzed.get(urn) ?? notSeen();
  }

  /**
   * Whether the program made any resource in this run. `destroy` and `refresh` with `--run-program` show the pack the state
   * alone (measured, CLI 3.259: no custom resource is analyzed, and AnalyzeStack has all that the state has).
   */
  isOfProgram(): boolean {
    return this.#isOfProgram || this.#hasProviders;
  }

  /** The S3 resources of the stack under analysis, in no particular order. */
  stack(): readonly Resource[] {
    return this.#stack ?? notSeen();
  }
}

/**
 * The engine asks this of every resource. The SDK never answers if it can't unpack one, an empty asset for instance, and
 * the preview would hang. Of the few that it does unpack, one that it can't is found out here, as an error.
 */
function readable(request: AnalyzeRequest): AnalyzeRequest {
  const properties = request.getProperties() ?? new Struct();
  request.setProperties(properties);
  request.setOptions(request.getOptions() ?? new AnalyzerResourceOptions());
  deserializeProperties(properties, true);
  return request;
}

type Decode<Request> = (bytes: Buffer) => Request;

/** The same method of the service, with another decoder of its requests, which is given the method's own. */
function decodedBy<Request, Method extends { readonly requestDeserialize: Decode<Request> }>(
  method: Method & { readonly requestDeserialize: Decode<Request> },
  decode: (bytes: Buffer, own: Decode<Request>) => Request,
): Method {
  return { ...method, requestDeserialize: (bytes: Buffer) => decode(bytes, method.requestDeserialize) };
}

function notSeen(): never {
  throw new Error(
    "the policy pack could not read the engine's request: its copies of @pulumi/policy and @pulumi/pulumi don't belong " +
      "together. Install the pack with the npm-shrinkwrap.json that it comes with.",
  );
}
