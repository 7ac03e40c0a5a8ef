/** The ResourceProvider service: the protocol's messages on one side, check, diff, outputs and the backend on the other. */
import { status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decode, encode } from "../values";
import type { Props } from "../values";
import type { Backend, Subject } from "./backend";
import { check } from "./check";
import type { Autonaming } from "./check";
import { diff } from "./diff";
import type { Change } from "./diff";
import { invoke } from "./functions";
import { kindOf } from "./kinds";
import { previewOutputs, updatedOutputs } from "./outputs";
import { packageSchema } from "./package-schema";

/** An asynchronous function as a gRPC handler: what it throws is the call's error. */
function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
        },
      );
  };
}

/** The type in a URN, which is the last of the types of its parents and its own. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
const { Kind } = provider.PropertyDiff;
const CHANGES: Record<Change, [plain: provider.PropertyDiff.Kind, replacing: provider.PropertyDiff.Kind]> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

const MODES: Record<number, Autonaming["mode"]> = { 0: "propose", 1: "enforce", 2: "disable" };

function autonaming(request: provider.CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  const mode = options && MODES[options.getMode()];
  return options && mode ? { mode, proposedName: options.getProposedName() } : undefined;
}

/** The handlers of a provider whose resources live in `backend`. */
export function handlers(backend: Backend, version: string): UntypedServiceImplementation {
  let region = "us-east-1";
  const subject = (urn: string): Subject => ({ type: typeOf(urn), urn, region });
  const asIs = (request: provider.CheckRequest) => {
    const response = new provider.CheckResponse();
    response.setInputs(request.getNews());
    return response;
  };

  const service: Partial<IResourceProviderServer> = {
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getMapping: unary(() => new provider.GetMappingResponse()),
    getMappings: unary(() => new provider.GetMappingsResponse()),
    getPluginInfo: unary(() => {
      const response = new PluginInfo();
      response.setVersion(version);
      return response;
    }),
    getSchema: unary(() => {
      const response = new provider.GetSchemaResponse();
      response.setSchema(JSON.stringify(packageSchema(version)));
      return response;
    }),
    checkConfig: unary(asIs),
    diffConfig: unary((request) => {
      const response = new provider.DiffResponse();
      const { changes } = diff(
        { defaults: {}, forceNew: [] },
        decode(request.getOldInputs()),
        decode(request.getNews()),
        [],
      );
      response.setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
      return response;
    }),
    // Without supportsPreview the engine never asks Create in a preview, and the outputs would be the inputs.
    configure: unary((request) => {
      const configured = decode(request.getArgs()).region;
      if (typeof configured === "string" && configured !== "") region = configured;
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    invoke: unary((request) => {
      const response = new provider.InvokeResponse();
      response.setReturn(encode(invoke(request.getTok(), decode(request.getArgs()), region)));
      return response;
    }),
    check: unary((request) => {
      const inputs = check(kindOf(typeOf(request.getUrn())), {
        urn: request.getUrn(),
        seed: request.getRandomseed_asU8(),
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
        autonaming: autonaming(request),
      });
      const response = new provider.CheckResponse();
      response.setInputs(encode(inputs));
      return response;
    }),
    diff: unary((request) => {
      const { changes, replaces, deleteBeforeReplace } = diff(
        kindOf(typeOf(request.getUrn())),
        decode(request.getOldInputs()),
        decode(request.getNews()),
        request.getIgnorechangesList(),
      );
      const response = new provider.DiffResponse();
      response.setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList([...changes.keys()]);
      response.setReplacesList(replaces);
      response.setDeletebeforereplace(deleteBeforeReplace);
      response.setHasdetaileddiff(true);
      for (const [name, change] of changes) {
        const property = new provider.PropertyDiff();
        property.setKind(CHANGES[change][replaces.includes(name) ? 1 : 0]);
        property.setInputdiff(true);
        response.getDetaileddiffMap().set(name, property);
      }
      return response;
    }),
    create: unary(async (request) => {
      const inputs = decode(request.getProperties());
      const about = subject(request.getUrn());
      const response = new provider.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(encode(previewOutputs(about.type, inputs, region)));
        return response;
      }
      const { id, outputs } = await backend.create(about, inputs);
      response.setId(id);
      response.setProperties(encode(outputs));
      return response;
    }),
    read: unary(async (request) => {
      const found = await backend.read(
        subject(request.getUrn()),
        request.getId(),
        decode(request.getProperties()),
        decode(request.getInputs()),
      );
      const response = new provider.ReadResponse();
      if (!found) return response;
      response.setId(request.getId());
      response.setProperties(encode(found.outputs));
      response.setInputs(encode(found.inputs));
      return response;
    }),
    update: unary(async (request) => {
      const state = decode(request.getOlds());
      const oldInputs = decode(request.getOldInputs());
      const news = decode(request.getNews());
      const about = subject(request.getUrn());
      const response = new provider.UpdateResponse();
      const outputs: Props = request.getPreview()
        ? updatedOutputs(about.type, state, oldInputs, news, region)
        : await backend.update(about, request.getId(), state, oldInputs, news);
      response.setProperties(encode(outputs));
      return response;
    }),
    delete: unary(async (request) => {
      const state = decode(request.getProperties());
      // The provider's own promise: what skipDestroy protects stays in place when its resource goes.
      if (state.skipDestroy !== true) await backend.delete(subject(request.getUrn()), request.getId(), state);
      return new Empty();
    }),
  };
  return service as UntypedServiceImplementation;
}
