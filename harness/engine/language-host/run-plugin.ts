/** Runs a policy pack or a provider that is written in Node.js: the RunPlugin call. */
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";
import { badEnd, start, stop } from "./children";
import { runtimeOptions, typescriptEnvironment } from "./options";
import { runScript } from "./resolve";

type Call = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** The command line: a policy pack gets the engine's address before its folder, any other plugin after it. */
function commandLine(request: RunPluginRequest, folder: string): string[] {
  const args = request.getArgsList();
  const script = (name: string) =>
    runScript(folder, `@pulumi/pulumi/cmd/${name}`, `npm install in ${folder}`);
  return request.getKind() === "analyzer"
    ? [script("run-policy-pack"), ...args, folder]
    : [script("run-plugin"), folder, ...args];
}

/** The request's NAME=value list; a later one wins. */
function environment(list: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    list.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

/**
 * Runs the plugin until it ends or the engine cancels the call, passing its output on. The call fails when the plugin can't be
 * started, or ends with another exit code than 0: the engine shows why.
 */
export function runPlugin(call: Call): void {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getProgram();
  const fail = (error: unknown) =>
    call.emit("error", {
      code: status.UNKNOWN,
      details: error instanceof Error ? error.message : String(error),
    });
  let command: string[];
  try {
    command = commandLine(call.request, folder);
  } catch (error) {
    fail(error);
    return;
  }
  const options = runtimeOptions(call.request.getInfo());
  const { child, done } = start(process.execPath, [...options.nodeArguments, ...command], {
    cwd: call.request.getKind() === "analyzer" ? folder : call.request.getPwd(),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...environment(call.request.getEnvList()), ...typescriptEnvironment(options) },
  });
  child.stdout?.on("data", (data: Buffer) => {
    const response = new RunPluginResponse();
    response.setStdout(data);
    call.write(response);
  });
  child.stderr?.on("data", (data: Buffer) => {
    const response = new RunPluginResponse();
    response.setStderr(data);
    call.write(response);
  });
  call.on("cancelled", () => {
    stop(child);
  });
  done.then((ending) => {
    if (ending.code === 0) call.end();
    else fail(badEnd(ending));
  }, fail);
}
