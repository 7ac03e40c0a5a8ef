/**
 * A stand-in for Pulumi's language hosts of Python and Go, which no registry has: it runs a program as they do, with the
 * command that it is started with. What the program tells the engine is the real SDK's.
 */
import { spawn } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService, type ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { answers } from "../engine/language-host/answers";
import { endWithTheEngine, serve } from "../engine/plugin";

/** The arguments: the program and its own, in one JSON list; then those that the engine adds, its address the last. */
const [command = "", ...args] = JSON.parse(process.argv[2] ?? "[]") as string[];
let engine = process.argv.at(-1) ?? "";

const service: Partial<ILanguageRuntimeServer> = {
  ...answers((address) => {
    engine = address;
  }),
  run({ request }, callback) {
    const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
    const child = spawn(command, [...args, folder], {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_PROJECT: request.getProject(),
        PULUMI_STACK: request.getStack(),
        PULUMI_ORGANIZATION: request.getOrganization(),
        PULUMI_ROOT_DIRECTORY: request.getInfo()?.getRootDirectory(),
        PULUMI_MONITOR: request.getMonitorAddress(),
        PULUMI_ENGINE: engine,
        PULUMI_DRY_RUN: String(request.getDryrun()),
        PULUMI_PARALLEL: "1",
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      },
    });
    child.once("error", (error) => {
      callback({ code: grpc.status.UNKNOWN, details: String(error) });
    });
    child.once("close", (code) => {
      const response = new language.RunResponse();
      response.setError(code === 0 ? "" : `${command} ended with ${String(code)}`);
      callback(null, response);
    });
  },
};

const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
server.addService(LanguageRuntimeService, service as grpc.UntypedServiceImplementation);
endWithTheEngine();
void serve(server);
