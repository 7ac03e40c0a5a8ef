import { deserializeProperties } from "@pulumi/policy/deserialize";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerResourceOptions,
  EnforcementLevel,
  type AnalyzeRequest,
  type AnalyzerStackConfigureRequest,
  type AnalyzeStackRequest,
  type ConfigureAnalyzerRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { hasProvider, relevantProperties, relevantResources } from "./decode";
import type { Language } from "../shared/languages";
import { languageOfProgram } from "./program";
import { fromInputs, fromOutputs, type Resource } from "./resource";

declare module "@pulumi/policy/deserialize" {
  /** What the SDK unpacks a resource with; it is left out of the package's types. */
  function deserializeProperties(properties: Struct, proxySecrets: boolean): object;
}

/** The types of the resources that any policy reads, and of those that any policy fixes. */
interface Types {
  readonly isRelevant: (type: string) => boolean;
  readonly isRemediable: (type: string) => boolean;
}

/**
 * What the engine tells of the program's resources, in plain values.
 *
 * The SDK hands a stack policy less than the engine sends: not the inputs, which are all there is of a resource whose
 * provider can't be asked at preview, and of the references only those to resources in the stack, so that "this bucket
 * and one that is only read" looks like "this bucket". The policies therefore read the requests themselves. The SDK gets
 * them without the properties, which it would unpack again for each policy and each resource.
 *
 * Life: `attach` puts the view between the wire and the SDK, by way of the decoders in AnalyzerService, which
 * `new PolicyPack` takes when it starts its server. The engine asks for one resource after the other (Analyze), then for
 * the stack (AnalyzeStack); the SDK answers a request in the turn in which it is decoded, so `stack` is the request's own.
 * What Analyze told is kept until the process ends, which is when the preview or the update does.
 *
 * Limits: one attached view a process, since the decoders are the process's; resources that no policy reads are left out.
 */
export class EngineView {
  readonly #analyzed = new Map<string, Resource>();
  #stack: readonly Resource[] | undefined;
  #isOfProgram = false;
  #isPreview = false;
  #tags: ReadonlyMap<string, string> = new Map();
  #covered = new Set<string>();
  readonly #levels = new Map<string, EnforcementLevel>();
  readonly #languages = new Map<string, { readonly language: Language | undefined }>();

  /** Reads the engine's requests from now on. A server that was started before is not seen. */
  static attach({ isRelevant, isRemediable }: Types): EngineView {
    const view = new EngineView();
    const { analyze, analyzeStack, configure, configureStack, remediate } = AnalyzerService;
    const reduce: typeof relevantProperties = (bytes, isKept) => {
      view.#isOfProgram ||= hasProvider(bytes);
      return relevantProperties(bytes, isKept);
    };
    tap(analyze, reduce, isRelevant, (request: AnalyzeRequest) => {
      if (isRelevant(request.getType())) {
        view.#analyzed.set(request.getUrn(), fromInputs(request));
        // A state of old, in `pulumi policy analyze`, has no providers.
        view.#isOfProgram ||= /^aws(-native)?:/.test(request.getType());
      }
      request.setProperties(new Struct());
    });
    tap(analyzeStack, relevantResources, isRelevant, (request: AnalyzeStackRequest) => {
      const relevant = request.getResourcesList().filter((resource) => isRelevant(resource.getType()));
      view.#stack = relevant.map((resource) => fromOutputs(resource, view.#analyzed.get(resource.getUrn())));
      view.#covered = new Set();
      request.setResourcesList([]);
    });
    watch(configureStack, (request: AnalyzerStackConfigureRequest) => {
      view.#isPreview = request.getDryRun();
      view.#tags = new Map(request.getTagsMap().toArray());
    });
    watch(configure, (request: ConfigureAnalyzerRequest) => {
      request.getPolicyconfigMap().forEach((config, policy) => {
        view.#levels.set(policy, config.getEnforcementlevel());
      });
    });
    tap(remediate, relevantProperties, isRemediable, refuseUnreadable);
    return view;
  }

  /** The resource that is being analyzed, as its inputs tell of it. */
  resource(urn: string): Resource {
    return this.#analyzed.get(urn) ?? notSeen();
  }

  /**
   * Whether the program made any resource in this run. `destroy` and `refresh` with `--run-program` show the pack the state
   * alone (measured, CLI 3.259: no custom resource is analyzed, and AnalyzeStack has all that the state has).
   */
  isOfProgram(): boolean {
    return this.#isOfProgram;
  }

  /** Whether nothing is made in this run. False for an engine that doesn't tell. */
  isPreview(): boolean {
    return this.#isPreview;
  }

  /** Whether what a policy reports fails the run: by the level that it is configured with, or else by its own. */
  isMandatory(policy: string, otherwise: boolean): boolean {
    const level = this.#levels.get(policy);
    if (level === undefined) return otherwise;
    return level === EnforcementLevel.MANDATORY || level === EnforcementLevel.REMEDIATE;
  }

  /** The language of the program that a resource belongs to, looked for once; undefined where nothing tells. */
  language(urn: string): Language | undefined {
    const project = urn.split("::")[1] ?? "";
    const known = this.#languages.get(project) ?? { language: languageOfProgram(project, this.#tags) };
    this.#languages.set(project, known);
    return known.language;
  }

  /** The resources of which a finding that fails this run has told already, on another resource. */
  covered(): Set<string> {
    return this.#covered;
  }

  /** The stack that is being analyzed: its S3 resources, in the engine's order, which is none. */
  stack(): readonly Resource[] {
    return this.#stack ?? notSeen();
  }
}

/**
 * The engine asks this of every resource. The SDK never answers if it can't unpack one, an empty asset for instance, and
 * the preview would hang. Of the few that it does unpack, one that it can't is found out here, as an error.
 */
function refuseUnreadable(request: AnalyzeRequest): void {
  const properties = request.getProperties() ?? new Struct();
  request.setProperties(properties);
  request.setOptions(request.getOptions() ?? new AnalyzerResourceOptions());
  deserializeProperties(properties, true);
}

interface Method<Request> {
  requestDeserialize: (bytes: Buffer) => Request;
}

function tap<Request>(
  method: Method<Request>,
  reduce: (bytes: Buffer, isRelevant: (type: string) => boolean) => Buffer,
  isRelevant: (type: string) => boolean,
  see: (request: Request) => void,
): void {
  const decode = method.requestDeserialize;
  method.requestDeserialize = (bytes) => decode(reduce(bytes, isRelevant));
  watch(method, see);
}

function watch<Request>(method: Method<Request>, see: (request: Request) => void): void {
  const decode = method.requestDeserialize;
  method.requestDeserialize = (bytes) => {
    const request = decode(bytes);
    see(request);
    return request;
  };
}

function notSeen(): never {
  throw new Error(
    "the policy pack could not read the engine's request: its copies of @pulumi/policy and @pulumi/pulumi don't belong " +
      "together. Install the pack with the npm-shrinkwrap.json that it comes with.",
  );
}
