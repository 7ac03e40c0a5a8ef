import { fstatSync } from "node:fs";

/*
 * The engine ends a pack when it is done. When the CLI is killed nobody does, and a pack that is run as an executable
 * would wait for requests for ever; a language host sees to it by itself. The engine holds the other end of the pack's
 * stdin, a pipe, and never writes to it: EOF on it means that the engine is gone.
 */
if (require.main?.filename === __filename) setTimeout(endWithStdin, 1000).unref(); // Not while the engine waits for the port.

/** Ends this process when its stdin ends, if that is a pipe: run by hand or by a test it can be a terminal or nothing. */
function endWithStdin(): void {
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  const end = (): never => process.exit();
  process.stdin.on("end", end).on("error", end).resume();
}
