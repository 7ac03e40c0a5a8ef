/**
 * A policy pack, started and spoken to as the engine does it (pkg/resource/plugin/analyzer_plugin.go in the Pulumi
 * repository), without an engine: for tests of what a pack answers to any resource, well-formed or not.
 */
import type { MethodDefinition } from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as messages from "./analyzer-messages";
import type { PolicyConfiguration, Resource } from "./analyzer-messages";
import { spawnPack } from "./analyzer-process";

export type { Diagnostic, PackInfo, PolicyConfiguration, Resource } from "./analyzer-messages";
export { secret, UNKNOWN } from "./values";
export type { Props, Value } from "./values";

export interface BootOptions {
  /** Extra environment for the pack. */
  env?: NodeJS.ProcessEnv;
  /** Whether the pack is shown a resource of the program first, as in any preview and update: true unless given. */
  ofProgram?: boolean;
  stack?: messages.StackOptions;
}

const ofAnyType = (type: string, name: string) => {
  return { type, urn: `urn:pulumi:dev::test::${type}::${name}`, name, props: {} };
};
/** The resources of a program besides those that a test is about. */
const ANY_RESOURCE: Resource = {
  ...ofAnyType("random:index/randomId:RandomId", "any"),
  provider: ofAnyType("pulumi:providers:random", "default"),
};

export type Analyzer = Awaited<ReturnType<typeof boot>>;

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes);

type Method<Request, Response> = Pick<
  MethodDefinition<Request, Response>,
  "path" | "requestSerialize" | "responseDeserialize"
>;

/** Starts a pack and shakes hands with it. Rejects with the pack's own output when it doesn't start. */
export async function boot(packDir: string, options: BootOptions = {}) {
  const pack = await spawnPack(packDir, options.env);
  const send = async <Request, Response>(method: Method<Request, Response>, request: Request): Promise<Response> =>
    method.responseDeserialize(await pack.call(method.path, method.requestSerialize(request)));

  const info = () => send(AnalyzerService.getAnalyzerInfo, new Empty());
  let known: AnalyzerInfo | undefined;
  const configure = async (config: Record<string, PolicyConfiguration>) => {
    await send(AnalyzerService.configure, messages.configureRequest((known ??= await info()), config));
  };

  try {
    // The engine shakes hands first, which no version of the SDK answers so far.
    await send(AnalyzerService.configureStack, messages.stackConfiguration(options.stack ?? {}));
    if ((await info()).getSupportsconfig()) await configure({});
    if (options.ofProgram ?? true)
      await send(AnalyzerService.analyze, messages.analyzeRequest(ANY_RESOURCE)).catch(() => undefined);
  } catch (error) {
    await pack.close().catch(() => undefined);
    throw error;
  }

  return {
    /** The pack's findings on one resource, given its inputs. Each of these rejects when the pack answers with an error. */
    analyze: async (resource: Resource) =>
      messages.diagnostics(await send(AnalyzerService.analyze, messages.analyzeRequest(resource))),
    /** The pack's findings on a whole stack, given its outputs. */
    analyzeStack: async (resources: Resource[]) =>
      messages.diagnostics(await send(AnalyzerService.analyzeStack, messages.analyzeStackRequest(resources))),
    /** How the pack's policies would change a resource. */
    remediate: async (resource: Resource) =>
      messages.remedies(await send(AnalyzerService.remediate, messages.analyzeRequest(resource))),
    /**
     * Configures the pack anew: its own defaults, and on top of them these configurations by policy name, or "all" for a level of
     * all policies. A pack that has just been started is configured with its defaults.
     */
    configure,
    info: async () => messages.packInfo(await info()),
    /** Sends arbitrary bytes to a method of the service, such as "Analyze", and returns the bytes of the answer. */
    raw: (method: string, request: Uint8Array) =>
      send(
        { path: `/pulumirpc.Analyzer/${method}`, requestSerialize: asBuffer, responseDeserialize: asBuffer },
        request,
      ),
    peakMemory: pack.peakMemory,
    /** Ends the pack. Rejects when it had died before. */
    close: pack.close,
  };
}
