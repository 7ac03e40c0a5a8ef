/*
 * Starts the pack in place of `@pulumi/pulumi/cmd/run-policy-pack`, the module that the language host looks for in the pack's
 * node_modules: `node THIS-FILE ENGINE-ADDRESS PACK-FOLDER`. The pack has in itself what it needs of Pulumi's SDK. What
 * that module does besides, it does for packs in TypeScript and for programs.
 */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { inspect } from "node:util";

import { mapStackTraces } from "../engine/stack-traces";

/** The exit code for which the language host adds no error of its own (cmd/run-policy-pack/index.ts in the SDK). */
const REASON_PRINTED = 32;

// Older engines add the runtime's options as flags; the language host, those of Node.js.
const [engine, given] = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
if (engine === undefined || given === undefined) {
  console.error("usage: RUN <engine-address> <program>");
  process.exit(-1);
}
const folder = resolve(given);

/** An uncaught error. One can come from each promise of a chain, and is printed once. */
const uncaught = new Set<unknown>();

/** An error whose message is all that a user sees (RunError in the SDK's errors.ts). */
const isRunError = (error: unknown): error is Error => error instanceof Error && "__pulumiRunError" in error;

function tell(error: unknown): void {
  if (uncaught.has(error)) return;
  uncaught.add(error);
  const reason = isRunError(error)
    ? error.message
    : `Running program '${folder}' failed with an unhandled exception:\n    ${inspect(error)}`;
  console.error(`error: [runtime] ${reason}`);
}

// As with Pulumi's own, the pack goes on after such an error, and never ends as if there had been none.
process.on("uncaughtException", tell);
process.on("unhandledRejection", tell);
process.on("exit", (code) => {
  if (code === 0 && uncaught.size > 0) process.exitCode = REASON_PRINTED;
});

const load = createRequire(__filename);
const bundle = load.resolve(folder);
mapStackTraces(bundle);
load(bundle);
