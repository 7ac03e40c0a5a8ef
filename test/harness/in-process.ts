/*
 * For unit and mutation tests: a pack that a test boots runs in the tests' own process, where a mutant is switched on. It is the
 * pack itself with the SDK's own handlers, which get a request's bytes as ever; only the process and its socket are missing.
 */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { compileFunction } from "node:vm";
import * as grpc from "@grpc/grpc-js";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";
import type { PackProcess } from "./engine/analyzer-process";
import { ROOT } from "./engine/paths";

// Random tests are shorter: `npm test` has all their runs, and starts processes.
process.env.FC_FACTOR ??= "0.2";

// Replaces the starter of a pack's process, before a test loads it.
const starter = require.resolve("./engine/analyzer-process");
const replaced = Object.assign(new Module(starter), { exports: { spawnPack }, filename: starter, loaded: true });
require.cache[starter] = replaced;

// The build puts the README into the pack as text, without links where the repository has no address.
const isOfPack = (file: string): boolean =>
  file.startsWith(join(ROOT, "policypack")) || file.includes("/@pulumi/policy/");
type Loader = (loaded: Module, file: string) => void;
const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
loaders[".md"] = (loaded, file) => {
  loaded.exports = withAbsoluteLinks(readFileSync(file, "utf8"), "");
};

// As the build does (scripts/build.mjs).
const SUBSTITUTES: Readonly<Record<string, string>> = {
  "@pulumi/pulumi": "pulumi",
  "@pulumi/pulumi/proto/analyzer_grpc_pb": "analyzer-service",
  "@pulumi/pulumi/runtime/rpc": "rpc",
};
type Resolve = (request: string, parent: Module | undefined, ...more: unknown[]) => string;
const modules = Module as unknown as { _resolveFilename: Resolve };
const resolve = modules._resolveFilename;
modules._resolveFilename = (request, parent, ...more) =>
  request in SUBSTITUTES && parent?.filename.includes("/@pulumi/policy/") === true
    ? join(ROOT, "policypack/engine/substitutes", `${SUBSTITUTES[request] ?? ""}.ts`)
    : resolve(request, parent, ...more);

// A pack that starts again runs its modules again, which are compiled once.
type Compiled = (exports: unknown, require: unknown, loaded: Module, file: string, folder: string) => void;
const compiled = new Map<string, Compiled>();
const prototype = Module.prototype as unknown as { _compile: (this: Module, code: string, file: string) => unknown };
const { _compile: compile } = prototype;
prototype._compile = function (code, file) {
  if (!isOfPack(file)) return compile.call(this, code, file);
  const parameters = ["exports", "require", "module", "__filename", "__dirname"];
  compiled.set(file, compileFunction(code, parameters, { filename: file }) as Compiled);
  loaders[extname(file)]?.(this, file);
};
for (const extension of [".ts", ".js"]) {
  const load = loaders[extension];
  loaders[extension] = (loaded, file) => {
    const run = compiled.get(file);
    if (run === undefined) load?.(loaded, file);
    else run(loaded.exports, loaded.require.bind(loaded), loaded, file, dirname(file));
  };
}

async function spawnPack(folder: string): Promise<PackProcess> {
  for (const file of Object.keys(require.cache)) {
    if (isOfPack(file)) Reflect.deleteProperty(require.cache, file);
  }
  const methods = await served(join(folder, "policypack/index.ts"));
  return {
    call: (path, bytes) =>
      new Promise((resolve, reject) => {
        const { requestDeserialize, responseSerialize, handle } = methods.get(path) ?? raise(`there is no ${path}`);
        let request: unknown;
        try {
          request = requestDeserialize(bytes);
        } catch (error) {
          throw new Error(`Error deserializing request: ${String(error)}`, { cause: error });
        }
        handle({ request }, (error, answer) => {
          if (error) reject(error);
          else resolve(responseSerialize(answer));
        });
      }),
    peakMemory: () => undefined,
    close: () => Promise.resolve(),
  };
}

type Handle = (call: { request: unknown }, done: (error: Error | null, answer?: unknown) => void) => void;
type Methods = ReadonlyMap<string, grpc.MethodDefinition<unknown, unknown> & { handle: Handle }>;

/** Loads the pack's entry, which starts a server, and gives the server's methods. What would end the process is an error here. */
async function served(entry: string): Promise<Methods> {
  const { addService, bindAsync } = Object.getOwnPropertyDescriptors(grpc.Server.prototype);
  const { exit } = Object.getOwnPropertyDescriptors(process);
  try {
    return await new Promise((resolve, reject) => {
      grpc.Server.prototype.addService = (service, handlers) => {
        const all = Object.entries(service).map(
          ([name, method]) => [method.path, { ...method, handle: handlers[name] as Handle }] as const,
        );
        resolve(new Map(all));
      };
      grpc.Server.prototype.bindAsync = () => undefined;
      process.exit = () => raise("the pack ends its process");
      createRequire(entry)(entry);
      reject(new Error("the pack starts no server"));
    });
  } finally {
    Object.defineProperties(grpc.Server.prototype, { addService, bindAsync });
    Object.defineProperty(process, "exit", exit);
  }
}

function raise(message: string): never {
  throw new Error(message);
}
