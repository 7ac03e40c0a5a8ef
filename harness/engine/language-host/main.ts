/**
 * The executable behind pulumi-language-nodejs and, with "data" as its first argument, pulumi-language-data: starts the language host, prints its port (the plugin protocol's first
 * line) and serves until the engine stops it or goes away.
 */
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { endWithTheEngine, serve } from "../plugin";
import { stopChildren } from "./children";
import { runData } from "./data";
import { runProgram } from "./run";
import { handlers } from "./service";

// The engine's address is the last argument: flags for logging and tracing may come before it.
const engineAddress = process.argv.at(-1) ?? "";
const server = new grpc.Server({ "grpc.max_receive_message_length": -1 });
server.addService(
  LanguageRuntimeService,
  handlers(engineAddress, process.argv[2] === "data" ? runData : runProgram),
);
endWithTheEngine(stopChildren);
void serve(server);
