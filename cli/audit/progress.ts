import { neutral } from "../report/neutral";
import { rewritten, type Terminal } from "../terminal";

const WIDTH = 24;
const EVERY_MS = 100;

/** A bar on a terminal; nothing anywhere else. `clear` takes it away. */
export function progress(
  total: number,
  terminal: Terminal,
  now: () => number = Date.now,
): { told: (done: number, name: string) => void; clear: () => void } {
  if (terminal.isTTY !== true) return { told: () => undefined, clear: () => undefined };
  let last = -Infinity;
  return {
    told: (done, name) => {
      if (done < total && now() - last < EVERY_MS) return;
      last = now();
      const full = Math.round((WIDTH * done) / total);
      const line = `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${done}/${total} ${neutral(name)}`;
      terminal.write(rewritten(line, terminal));
    },
    clear: () => {
      if (last !== -Infinity) terminal.write("\r\u001b[K");
    },
  };
}
