/** The executable behind pulumi-language-nodejs and, with "data" as its first argument, pulumi-language-data. */
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { servePlugin } from "../plugin";
import { stopChildren } from "./children";
import { runData } from "./data";
import { installDependencies, runPlugin, runProgram } from "./node";
import { handlers } from "./service";

// The engine's address is the last argument: flags for logging and tracing may come before it.
const run = process.argv[2] === "data" ? runData : runProgram;
const host = handlers(process.argv.at(-1) ?? "", run, { runPlugin, installDependencies });
void servePlugin(LanguageRuntimeService, host, stopChildren);
