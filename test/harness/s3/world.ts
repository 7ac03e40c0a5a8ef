/** A deployment of a test's own: an S3, the gateway to it, a client that shares nothing with the provider, a stack. */
import { workspace } from "../engine";
import type { OperationOptions, Run } from "../engine";
import { ROOT } from "../engine/paths";
import type { Python } from "../python/environment";
import { say } from "../python/needs-python";
import { s3Client } from "./client";
import { startGateway } from "./gateway";
import { startMoto } from "./moto";

export type World = Awaited<ReturnType<typeof world>>;

/** An empty S3, and the gateway to it. */
export async function startS3(python: Python, delayMs = 0) {
  const moto = await startMoto(python, say);
  const gateway = await startGateway(moto.endpoint, delayMs);
  const stop = () => Promise.all([gateway.stop(), moto.stop()]);
  return { moto, gateway, stop };
}

/** Starts an empty S3 and makes a stack of the program in `dir`, whose provider deploys to it. */
export async function world(python: Python, dir: string, config: Record<string, string> = {}) {
  const { moto, gateway, stop } = await startS3(python);
  const stack = await workspace(dir, { env: { STANDIN_S3_ENDPOINT: gateway.endpoint }, config });
  return {
    gateway,
    /** Goes to S3 directly, not through the gateway. */
    s3: s3Client(moto.endpoint),
    stack,
    /** `pulumi up` under the policy pack of this project. */
    up: (options?: OperationOptions) => stack.up({ packs: [ROOT], ...options }),
    async configure(key: string, value: string) {
      const { code, stderr } = await stack.pulumi(["config", "set", key, value]);
      if (code !== 0) throw new Error(stderr);
    },
    async end() {
      await stack.remove();
      await stop();
    },
  };
}

/** How a run ended, what it did to how many resources, and the error that a person sees when it failed. */
export function outcome({ code, stdout, stderr, events }: Run): unknown {
  const summary = events.flatMap(({ summaryEvent }) => (summaryEvent ? [summaryEvent] : []))[0];
  const changes = (summary as { resourceChanges?: unknown } | undefined)?.resourceChanges;
  return code === 0 ? changes : { failed: /error: .*/.exec(stdout + stderr)?.[0] ?? stdout + stderr, changes };
}

interface Stated {
  urn: string;
  type: string;
  inputs?: Record<string, unknown>;
}

/** The stack's resources as its state has them, without the provider and the root. */
export async function resources({ stack }: World): Promise<Stated[]> {
  const { deployment } = (await stack.export()) as { deployment: { resources?: Stated[] } };
  return (deployment.resources ?? []).filter(({ type }) => !type.startsWith("pulumi:"));
}
