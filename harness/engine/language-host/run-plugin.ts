/** Runs a policy pack or a provider that is written in Node.js: the RunPlugin call. */
import type { ServerWritableStream } from "@grpc/grpc-js";
import { RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type { RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";
import { start, stop } from "./children";
import { runtimeOptions, typescriptEnvironment } from "./options";
import { resolveFrom } from "./resolve";

type Call = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** The command line: a policy pack gets the engine's address before its folder, any other plugin after it. */
function commandLine(request: RunPluginRequest, folder: string): string[] {
  const args = request.getArgsList();
  return request.getKind() === "analyzer"
    ? [resolveFrom(folder, "@pulumi/pulumi/cmd/run-policy-pack"), ...args, folder]
    : [resolveFrom(folder, "@pulumi/pulumi/cmd/run-plugin"), folder, ...args];
}

/** The request's NAME=value list; a later one wins. */
function environment(list: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    list.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}

/** Runs the plugin until it ends or the engine cancels the call, passing its output on; then sends its exit code. */
export function runPlugin(call: Call): void {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getProgram();
  const finish = (exitCode: number) => {
    const response = new RunPluginResponse();
    response.setExitcode(exitCode);
    call.write(response);
    call.end();
  };
  const fail = (error: unknown) => {
    const response = new RunPluginResponse();
    response.setStderr(Buffer.from(`${error instanceof Error ? error.message : String(error)}\n`));
    call.write(response);
    finish(1);
  };
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
  done.then(({ code }) => {
    finish(code ?? 1);
  }, fail);
}
