/** Installs the dependencies of a program or policy pack: the InstallDependencies call. */
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb";
import type { InstallDependenciesRequest } from "@pulumi/pulumi/proto/language_pb";
import { start, stop } from "./children";
import { runtimeOptions } from "./options";
import type { RuntimeOptions } from "./options";

type Call = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** npm's arguments, as Pulumi's own host gives them. */
export function npmArguments(options: RuntimeOptions): string[] {
  return ["install", "--loglevel=error", ...(options.production ? ["--omit=dev"] : [])];
}

/** Runs `npm install` in the folder and passes its output on. The call fails when npm does. */
export function installDependencies(call: Call): void {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const options = runtimeOptions(call.request.getInfo());
  const fail = (message: string) => call.emit("error", { code: status.UNKNOWN, details: message });
  if (options.packageManager !== "npm") {
    fail(`this language host installs with npm only, not with ${options.packageManager}`);
    return;
  }
  const { child, done } = start("npm", npmArguments(options), {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (data: Buffer) => {
    const response = new InstallDependenciesResponse();
    response.setStdout(data);
    call.write(response);
  });
  child.stderr?.on("data", (data: Buffer) => {
    const response = new InstallDependenciesResponse();
    response.setStderr(data);
    call.write(response);
  });
  call.on("cancelled", () => {
    stop(child);
  });
  done.then(
    ({ code }) => {
      if (code === 0) call.end();
      else fail(`npm ${npmArguments(options).join(" ")} failed in ${folder} with exit code ${String(code)}`);
    },
    (error: unknown) => fail(`npm could not be started: ${String(error)}`),
  );
}
