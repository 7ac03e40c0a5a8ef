import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Options } from "../gate/args";
import { follow } from "../gate/events";
import type { Progress } from "../gate/progress";
import type { Target } from "../gate/targets";
import { pulumi, textOf } from "./cli";

export type Run = Awaited<ReturnType<typeof runPreview>>;

/** As the documentation of --event-log asks; and a document at the end, whatever the user set, not a stream. */
const ENVIRONMENT = { PULUMI_DEBUG_COMMANDS: "true", PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false" };

/**
 * Runs `pulumi preview` once. The progress gets each line that it prints to stderr, and each event as soon as it is logged:
 * when the CLI prints JSON, it doesn't show what the program prints.
 * @throws RunError when nothing could be concluded from the run
 */
export async function runPreview(options: Options, { stack, cwd }: Target, progress: Progress) {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-preview-"));
  const eventLog = join(folder, "events.json");
  const endLog = follow(eventLog, progress.see);
  const args = [
    ...["preview", "--non-interactive", "--stack", stack, "--json", "--event-log", eventLog, "--color", "never"],
    "--show-sames", // Without it the steps lack what doesn't change, and with it the place that made it.
    "--show-replacement-steps", // Without it they lack when the old one of a replacement goes.
    ...options.packs.flatMap((pack) => ["--policy-pack", listItem(pack)]),
    ...options.configs.flatMap((config) => ["--policy-pack-config", listItem(config)]),
    ...options.extra,
  ];
  let events: ReturnType<typeof endLog> = []; // Or why they can't be read.
  const finished = await pulumi(args, { cwd, env: ENVIRONMENT, say: progress.say }).finally(() => {
    events = endLog();
    rmSync(folder, { recursive: true, force: true });
  });
  return { exitCode: finished.exitCode, stdout: textOf(finished), events };
}

/** The CLI reads these flags as lists in CSV form, so that a comma in a path would make it two. */
function listItem(path: string): string {
  return /[",\r\n]/.test(path) ? `"${path.replace(/"/g, '""')}"` : path;
}
