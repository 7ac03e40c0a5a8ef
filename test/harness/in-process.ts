/*
 * For mutation testing: a pack that a test boots runs in the tests' own process, where the mutant is switched on. It is the
 * pack itself with the SDK's own server, spoken to over the protocol as ever; only the process is missing.
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
  const { server, port } = await served(join(folder, "policypack/index.ts"));
  return {
    port,
    peakMemory: () => undefined,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

/** Loads the pack's entry, which starts a server. What would end the process is an error here. */
async function served(entry: string): Promise<{ server: grpc.Server; port: number }> {
  const binding = Object.getOwnPropertyDescriptor(grpc.Server.prototype, "bindAsync") ?? {};
  const exiting = Object.getOwnPropertyDescriptor(process, "exit") ?? {};
  const bindAsync = binding.value as grpc.Server["bindAsync"];
  try {
    return await new Promise((resolve, reject) => {
      grpc.Server.prototype.bindAsync = function (address, credentials) {
        bindAsync.call(this, address, credentials, (error, port) => {
          if (error) reject(error);
          else resolve({ server: this, port });
        });
      };
      process.exit = () => {
        throw new Error("the pack ends its process");
      };
      createRequire(entry)(entry);
      setTimeout(() => {
        reject(new Error("the pack starts no server"));
      }, 5000).unref();
    });
  } finally {
    Object.defineProperty(grpc.Server.prototype, "bindAsync", binding);
    Object.defineProperty(process, "exit", exiting);
  }
}
