/** The ResourceProvider service: the protocol's messages on one side, check, diff, outputs and the backend on the other. */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary } from "../plugin";
import { decode, encode } from "../values";
import type { Props } from "../values";
import functions from "./functions.json";
import { check, diff } from "./inputs";
import type { Change } from "./inputs";
import { kindOf } from "./kinds";
import type { Backend, Subject } from "./memory";
import { previewOutputs, updatedOutputs } from "./outputs";
import schema from "./schema.json";

/** The type in a URN, which is the last of the types of its parents and its own. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** @throws Error for a provider function (data source) that the stand-in does not have */
function invoke(token: string): Props {
  if (Object.hasOwn(functions, token)) return functions[token as keyof typeof functions];
  throw new Error(`the AWS stand-in has no function ${token}; add it to aws-provider/functions.json`);
}

const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
const { Kind } = provider.PropertyDiff;
const CHANGES: Record<Change, [plain: provider.PropertyDiff.Kind, replacing: provider.PropertyDiff.Kind]> = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
};

/** The handlers of a provider whose resources live in `backend`. */
export function handlers(backend: Backend, version: string): UntypedServiceImplementation {
  let region = "us-east-1";
  const subject = (urn: string): Subject => ({ type: typeOf(urn), urn, region });
  const service: Partial<IResourceProviderServer> = {
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getMapping: unary(() => new provider.GetMappingResponse()),
    getMappings: unary(() => new provider.GetMappingsResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    // As far as the tests' programs in YAML need it, whose language host types resources by it.
    getSchema: unary(() => new provider.GetSchemaResponse().setSchema(JSON.stringify({ ...schema, version }))),
    checkConfig: unary((request) => new provider.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary((request) => {
      const [olds, news] = [decode(request.getOldInputs()), decode(request.getNews())];
      const { changes } = diff({ defaults: {}, forceNew: [] }, olds, news, []);
      return new provider.DiffResponse().setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
    }),
    // Without supportsPreview the engine never asks Create in a preview, and the outputs would be the inputs.
    configure: unary((request) => {
      const configured = decode(request.getArgs()).region;
      if (typeof configured === "string" && configured !== "") region = configured;
      return new provider.ConfigureResponse().setSupportspreview(true);
    }),
    invoke: unary((request) => new provider.InvokeResponse().setReturn(encode(invoke(request.getTok())))),
    check: unary((request) => {
      const inputs = check(kindOf(typeOf(request.getUrn())), {
        urn: request.getUrn(),
        seed: request.getRandomseed_asU8(),
        olds: decode(request.getOlds()),
        news: decode(request.getNews()),
      });
      return new provider.CheckResponse().setInputs(encode(inputs));
    }),
    diff: unary((request) => {
      const { changes, replaces, deleteBeforeReplace } = diff(
        kindOf(typeOf(request.getUrn())),
        decode(request.getOldInputs()),
        decode(request.getNews()),
        request.getIgnorechangesList(),
      );
      const response = new provider.DiffResponse()
        .setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE)
        .setDiffsList([...changes.keys()])
        .setReplacesList(replaces)
        .setDeletebeforereplace(deleteBeforeReplace)
        .setHasdetaileddiff(true);
      for (const [name, change] of changes) {
        const kind = CHANGES[change][replaces.includes(name) ? 1 : 0];
        response.getDetaileddiffMap().set(name, new provider.PropertyDiff().setKind(kind).setInputdiff(true));
      }
      return response;
    }),
    create: unary(async (request) => {
      const inputs = decode(request.getProperties());
      const about = subject(request.getUrn());
      const { id, outputs } = request.getPreview()
        ? { id: "", outputs: previewOutputs(about.type, inputs, region) }
        : await backend.create(about, inputs);
      return new provider.CreateResponse().setId(id).setProperties(encode(outputs));
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
      const { outputs, inputs } = found;
      return response.setId(request.getId()).setProperties(encode(outputs)).setInputs(encode(inputs));
    }),
    update: unary(async (request) => {
      const state = decode(request.getOlds());
      const oldInputs = decode(request.getOldInputs());
      const news = decode(request.getNews());
      const about = subject(request.getUrn());
      const outputs: Props = request.getPreview()
        ? updatedOutputs(about.type, state, oldInputs, news, region)
        : await backend.update(about, request.getId(), state, oldInputs, news);
      return new provider.UpdateResponse().setProperties(encode(outputs));
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
