/** A line for steps that take long enough to make one wonder. */

const QUIET_MS = 3000;

/** Runs `work`, and says once what is being done when it has taken a while; at a terminal the line counts the seconds. */
export async function ticking<T>(
  what: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const terminal = process.stderr.isTTY ? process.stderr : undefined;
  const first = setTimeout(() => {
    if (!terminal) say(`${what} ...`);
  }, QUIET_MS);
  const again = setInterval(() => {
    terminal?.write(`\r${what} ... ${Math.round((Date.now() - start) / 1000)} s`);
  }, QUIET_MS);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(again);
    if (Date.now() - start > QUIET_MS) terminal?.write("\n");
  }
}
