/** The LanguageRuntime service: which call does what. Calls that are left out answer "unimplemented". */
import { status } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
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
    handshake(call, callback) {
      engine = call.request.getEngineAddress() || engine;
      callback(null, new language.LanguageHandshakeResponse());
    },
    getPluginInfo(_call, callback) {
      callback(null, new PluginInfo());
    },
    getRequiredPlugins(_call, callback) {
      callback(null, new language.GetRequiredPluginsResponse());
    },
    getRequiredPackages(_call, callback) {
      callback(null, new language.GetRequiredPackagesResponse());
    },
    runtimeOptionsPrompts(_call, callback) {
      callback(null, new language.RuntimeOptionsResponse());
    },
    run(call, callback) {
      run(call.request, engine).then(
        ({ error, bail }) => {
          callback(null, new language.RunResponse().setError(error).setBail(bail));
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: String(error) });
        },
      );
    },
    cancel(_call, callback) {
      stopChildren();
      callback(null, new Empty());
    },
    ...more,
  };
  return service as UntypedServiceImplementation;
}
