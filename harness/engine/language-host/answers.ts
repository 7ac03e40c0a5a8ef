import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

type Answers = Pick<
  ILanguageRuntimeServer,
  "handshake" | "getPluginInfo" | "getRequiredPlugins" | "getRequiredPackages"
>;

/**
 * What every language host answers before it runs anything. No plugins are reported as required: the engine then looks for each
 * one when a resource first needs it, on PATH included, which is what makes the AWS stand-in work.
 * @param engine gets the engine's address, where the handshake has one
 */
export function answers(engine: (address: string) => void): Answers {
  return {
    handshake(call, callback) {
      const address = call.request.getEngineAddress();
      if (address !== "") engine(address);
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
  };
}
