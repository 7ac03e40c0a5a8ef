/** Runs Node.js programs, and what is written in it for the engine: the calls Run, RunPlugin and InstallDependencies. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { InstallDependenciesResponse, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";
import type * as language from "@pulumi/pulumi/proto/language_pb";
import { badEnd, start, stop } from "./children";
import type { Ending } from "./children";
import { resolveFrom } from "./resolve";

/** The answer to the engine about a finished program. */
export interface Outcome {
  error: string;
  bail: boolean;
}

/** The program logged its error itself and nothing is left to say (cmd/run of `@pulumi/pulumi`). */
const BAIL_EXIT_CODE = 32;

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * A run script of the SDK that a program or pack has.
 * @throws Error in the words of Pulumi's own host, which the engine shows (locateModule in pulumi-language-nodejs)
 */
function script(folder: string, name: string, install: string): string {
  try {
    return resolveFrom(folder, `@pulumi/pulumi/cmd/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const message = `It looks like the Pulumi SDK has not been installed. Have you run ${install}?`;
    throw new Error(message, { cause: error });
  }
}

/** The `runtime.options` of Pulumi.yaml and PulumiPolicy.yaml; values that come as text ("true") count as what they say. */
function runtimeOptions(info: language.ProgramInfo | undefined) {
  const raw = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof raw[name] === "string" && raw[name] !== "" ? raw[name] : undefined);
  const isTypeScript = [undefined, true, "true"].includes(raw.typescript as undefined);
  const tsconfig = text("tsconfig");
  return {
    nodeArguments: text("nodeargs")?.split(/\s+/).filter(Boolean) ?? [],
    packageManager: text("packagemanager") ?? "npm",
    /** By it the SDK's run scripts learn about TypeScript. */
    env: {
      ...(isTypeScript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    },
  };
}

/** Runs the program to its end, by `@pulumi/pulumi/cmd/run`. Its output is the host's output, which the engine shows. */
export async function runProgram(request: language.RunRequest, engine: string): Promise<Outcome> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const { nodeArguments, env } = runtimeOptions(info);
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory(),
    stack: request.getStack(),
    pwd: info?.getProgramDirectory(),
    parallel: request.getParallel(),
  };
  const given = Object.entries(flags).filter(([, value]) => value !== undefined && value !== "");
  try {
    const args = [
      ...[...nodeArguments, "--require", join(__dirname, "node_modules/@pulumi/cmd/lean-sdk.js")],
      script(folder, "run", "pulumi install"),
      ...given.flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...[info?.getEntryPoint() ?? ".", ...request.getArgsList()],
    ];
    const ending = await start(process.execPath, args, {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        ...env,
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    }).done;
    const isGood = ending.code === 0 || ending.code === BAIL_EXIT_CODE;
    return { error: isGood ? "" : badEnd(ending), bail: ending.code === BAIL_EXIT_CODE };
  } catch (error) {
    return { error: messageOf(error), bail: false };
  }
}

interface Output {
  setStdout(data: Uint8Array): unknown;
  setStderr(data: Uint8Array): unknown;
}

/** Runs a command, passing its output on, until it ends or the engine cancels the call. The call fails with `fault`. */
function stream<Request, Response extends Output>(
  call: ServerWritableStream<Request, Response>,
  response: new () => Response,
  begin: () => ReturnType<typeof start>,
  fault: (ending: Ending) => string | undefined,
): void {
  const fail = (error: unknown) => {
    call.emit("error", { code: status.UNKNOWN, details: messageOf(error) });
  };
  try {
    const { child, done } = begin();
    for (const [output, set] of [
      [child.stdout, "setStdout"],
      [child.stderr, "setStderr"],
    ] as const)
      output?.on("data", (data: Buffer) => {
        const message = new response();
        message[set](data);
        call.write(message);
      });
    call.on("cancelled", () => {
      stop(child);
    });
    done.then((ending) => {
      const wrong = fault(ending);
      if (wrong === undefined) call.end();
      else fail(wrong);
    }, fail);
  } catch (error) {
    fail(error);
  }
}

/** Runs a policy pack or a provider. A pack gets the engine's address before its folder, any other plugin after it. */
export function runPlugin(call: ServerWritableStream<language.RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const isPack = request.getKind() === "analyzer";
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const { nodeArguments, env } = runtimeOptions(request.getInfo());
  const variables = request.getEnvList().map((entry) => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)] as const;
  });
  const begin = () => {
    const file = script(folder, isPack ? "run-policy-pack" : "run-plugin", `npm install in ${folder}`);
    const args = isPack ? [...request.getArgsList(), folder] : [folder, ...request.getArgsList()];
    return start(process.execPath, [...nodeArguments, file, ...args], {
      cwd: isPack ? folder : request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...Object.fromEntries(variables), ...env },
    });
  };
  stream(call, RunPluginResponse, begin, (ending) => (ending.code === 0 ? undefined : badEnd(ending)));
}

/** Whether npm has installed something: in the folder or above it. */
function hasModules(folder: string): boolean {
  const above = dirname(folder);
  return existsSync(join(folder, "node_modules")) || (above !== folder && hasModules(above));
}

/** Runs `npm install` as Pulumi's own host does: it installs devDependencies too, whatever the options say. */
export function installDependencies(
  call: ServerWritableStream<language.InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
  const info = call.request.getInfo();
  const folder = info?.getProgramDirectory() ?? call.request.getDirectory();
  const say = (line: string) => {
    call.write(new InstallDependenciesResponse().setStdout(Buffer.from(`${line}\n\n`)));
  };
  const begin = () => {
    const { packageManager } = runtimeOptions(info);
    if (packageManager !== "npm")
      throw new Error(`this language host installs with npm only, not with ${packageManager}`);
    say("Installing dependencies...");
    return start("npm", ["install", "--loglevel=error"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  };
  stream(call, InstallDependenciesResponse, begin, ({ code, signal }) => {
    // As Go reports a command that failed.
    if (code !== 0) return signal === null ? `exit status ${String(code)}` : `signal: ${signal}`;
    if (!hasModules(folder)) return "npm install reported success, but node_modules directory is missing";
    say("Finished installing dependencies");
    return undefined;
  });
}
