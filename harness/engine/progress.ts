/** Progress lines for steps that take long enough to make one wonder. */

const QUIET_MS = 3000;
const EVERY_MS = 15_000;

/** Runs `work`; says what is being done once it has taken a while, and again from time to time. */
export async function ticking<T>(
  what: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const first = setTimeout(() => {
    say(`${what} ...`);
  }, QUIET_MS);
  const again = setInterval(() => {
    say(`${what} ... ${seconds()} s`);
  }, EVERY_MS);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(again);
  }
}
