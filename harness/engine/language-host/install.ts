/** Installs the dependencies of a program or policy pack: the InstallDependencies call. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { InstallDependenciesResponse } from "@pulumi/pulumi/proto/language_pb";
import type { InstallDependenciesRequest } from "@pulumi/pulumi/proto/language_pb";
import { start, stop } from "./children";
import { runtimeOptions } from "./options";

type Call = ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>;

/** npm's arguments, as Pulumi's own host gives them: it installs devDependencies too, whatever the options say. */
const NPM = ["install", "--loglevel=error"];

/** Where npm has installed to, or would have: in the folder or above it. */
function hasModules(folder: string): boolean {
  if (existsSync(join(folder, "node_modules"))) return true;
  return dirname(folder) !== folder && hasModules(dirname(folder));
}

/** Runs `npm install` in the folder and passes its output on. The call fails when npm does. */
export function installDependencies(call: Call): void {
  const folder = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const { packageManager } = runtimeOptions(call.request.getInfo());
  const fail = (message: string) => call.emit("error", { code: status.UNKNOWN, details: message });
  if (packageManager !== "npm") {
    fail(`this language host installs with npm only, not with ${packageManager}`);
    return;
  }
  const say = (line: string) => {
    const response = new InstallDependenciesResponse();
    response.setStdout(Buffer.from(`${line}\n\n`));
    call.write(response);
  };
  say("Installing dependencies...");
  const { child, done } = start("npm", NPM, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
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
    ({ code, signal }) => {
      // As Go tells of a command that failed.
      if (code !== 0) fail(signal === null ? `exit status ${String(code)}` : `signal: ${signal}`);
      else if (!hasModules(folder))
        fail("npm install reported success, but node_modules directory is missing");
      else {
        say("Finished installing dependencies");
        call.end();
      }
    },
    (error: unknown) => fail(`npm could not be started: ${String(error)}`),
  );
}
