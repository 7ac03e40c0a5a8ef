/** The LanguageRuntime service: which call does what. Calls that are left out answer "unimplemented". */
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary } from "../plugin";
import { stopChildren } from "./children";
import type { Outcome } from "./node";

type Run = (request: language.RunRequest, engine: string) => Promise<Outcome>;

/**
 * A host that runs programs so. No plugins are reported as required: the engine then looks for each one when a resource first
 * needs it, on PATH included, which is what makes the AWS stand-in work.
 */
export function handlers(
  engineAddress: string,
  run: Run,
  more: Partial<ILanguageRuntimeServer> = {},
): UntypedServiceImplementation {
  let engine = engineAddress;
  const service: Partial<ILanguageRuntimeServer> = {
    handshake: unary((request) => {
      engine = request.getEngineAddress() || engine;
      return new language.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new PluginInfo()),
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
    runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
    run: unary(async (request) => {
      const { error, bail } = await run(request, engine);
      return new language.RunResponse().setError(error).setBail(bail);
    }),
    cancel: unary(() => {
      stopChildren();
      return new Empty();
    }),
    ...more,
  };
  return service as UntypedServiceImplementation;
}
