/** One run of one pack. */
import { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import type { Pack } from "./packs";
import { start } from "./running-pack";
import { median } from "./statistics";

/** Times in milliseconds, memory in MB. */
export type Sample = Readonly<Record<string, number>>;

export interface Requests {
  readonly stacks: ReadonlyMap<number, Uint8Array>;
  readonly resources: readonly Uint8Array[];
}

export const stackOfSize = (size: number): string => `AnalyzeStack, ${size.toLocaleString("en")} resources`;

/** Starts the pack and asks it everything: each stack once, as a preview does. */
export async function measure(pack: Pack, { stacks, resources }: Requests): Promise<Sample> {
  const running = await start(pack);
  const timed = async (method: string, request: Uint8Array): Promise<[number, Buffer]> => {
    const before = performance.now();
    const answer = await running.call(method, request);
    return [performance.now() - before, answer];
  };
  try {
    await running.call("GetAnalyzerInfo", new Uint8Array());
    const sample: Record<string, number> = {
      "start, to the port": running.toPort,
      "start, to the first answer": running.sinceStart(),
    };
    const calls: number[] = [];
    for (const resource of resources) calls.push((await timed("Analyze", resource))[0]);
    sample["Analyze, per call"] = median(calls);
    for (const [size, request] of stacks) {
      const [time, answer] = await timed("AnalyzeStack", request);
      const found = AnalyzeResponse.deserializeBinary(answer).getDiagnosticsList().length;
      if (found !== pack.finds)
        throw new Error(`${pack.name} reported ${found} violations, not ${pack.finds}`);
      sample[stackOfSize(size)] = time;
    }
    const memory = running.peakMemory();
    if (memory !== undefined) sample["peak memory"] = memory;
    return sample;
  } finally {
    await running.stop();
  }
}
