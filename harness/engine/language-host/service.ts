/** The LanguageRuntime service for Node.js: which call does what. Calls that are left out answer "unimplemented". */
import { status } from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { answers } from "./answers";
import { stopChildren } from "./children";
import { dependencies } from "./dependencies";
import { installDependencies } from "./install";
import type { runProgram } from "./run";
import { runPlugin } from "./run-plugin";

/** The handlers of a host that runs programs so. */
export function handlers(argumentAddress: string, run: typeof runProgram): UntypedServiceImplementation {
  let engineAddress = argumentAddress;
  const service: Partial<ILanguageRuntimeServer> = {
    ...answers((address) => {
      engineAddress = address;
    }),
    runtimeOptionsPrompts(_call, callback) {
      callback(null, new language.RuntimeOptionsResponse());
    },
    getProgramDependencies(call, callback) {
      const response = new language.GetProgramDependenciesResponse();
      for (const [name, version] of dependencies(call.request.getInfo()?.getProgramDirectory() ?? ".")) {
        const dependency = new language.DependencyInfo();
        dependency.setName(name);
        dependency.setVersion(version);
        response.addDependencies(dependency);
      }
      callback(null, response);
    },
    about(_call, callback) {
      const response = new language.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      callback(null, response);
    },
    run(call, callback) {
      run(call.request, engineAddress).then(
        ({ error, bail }) => {
          const response = new language.RunResponse();
          response.setError(error);
          response.setBail(bail);
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: status.UNKNOWN, details: String(error) });
        },
      );
    },
    runPlugin,
    installDependencies,
    cancel(_call, callback) {
      stopChildren();
      callback(null, new Empty());
    },
  };
  return service as UntypedServiceImplementation;
}
