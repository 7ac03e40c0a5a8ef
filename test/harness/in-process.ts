/*
 * For unit and mutation tests: a pack that a test boots runs in the tests' own process, where a mutant is switched on. It is the
 * pack itself with the SDK's own handlers, which get a request's bytes as ever; only the process and its socket are missing.
 */
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";
import type { PackProcess } from "./engine/analyzer-process";
import { ROOT } from "./engine/paths";

// Where the starter of a pack's process is looked for, before a test does.
const starter = require.resolve("./engine/analyzer-process");
const replaced = Object.assign(new Module(starter), { exports: { spawnPack }, filename: starter, loaded: true });
require.cache[starter] = replaced;

// The build puts the README into the pack as text, without links where the repository has no address.
type Loader = (loaded: Module, file: string) => void;
const { _extensions: loaders } = Module as unknown as { _extensions: Record<string, Loader> };
loaders[".md"] = (loaded, file) => {
  loaded.exports = withAbsoluteLinks(readFileSync(file, "utf8"), "");
};

// The build gives the SDK's server another service to serve; the rest of what it replaces is as good for a test.
const SERVICE = "@pulumi/pulumi/proto/analyzer_grpc_pb";
const substitute = join(ROOT, "policypack/engine/substitutes/analyzer-service.ts");
type Resolve = (request: string, parent: Module | undefined, ...more: unknown[]) => string;
const modules = Module as unknown as { _resolveFilename: Resolve };
const resolve = modules._resolveFilename;
modules._resolveFilename = (request, parent, ...more) =>
  request === SERVICE && parent?.filename.includes("/@pulumi/policy/") === true
    ? substitute
    : resolve(request, parent, ...more);

async function spawnPack(folder: string): Promise<PackProcess> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(join(folder, "policypack")) || file.includes("/@pulumi/policy/")) {
      Reflect.deleteProperty(require.cache, file);
    }
  }
  const methods = await served(join(folder, "policypack/index.ts"));
  return {
    call: (path, bytes) =>
      new Promise((resolve, reject) => {
        const { requestDeserialize, responseSerialize, handle } = methods.get(path) ?? raise(`there is no ${path}`);
        handle({ request: requestDeserialize(bytes) }, (error, answer) => {
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
  const { addService, bindAsync } = grpc.Server.prototype;
  const { exit } = process;
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
    Object.assign(grpc.Server.prototype, { addService, bindAsync });
    Object.assign(process, { exit });
  }
}

function raise(message: string): never {
  throw new Error(message);
}
