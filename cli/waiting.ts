import { neutral, print } from "./report/neutral";
import { rewritten, type Terminal } from "./terminal";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** How long nothing is shown, and how often it is then, in milliseconds. */
const ON_TERMINAL = { after: 2000, every: 100 };
/** A job's log keeps every line. */
const IN_LOG = { after: 10_000, every: 60_000 };

/** Shows progress once an operation takes long. */
export interface Waiting {
  /** Prints a line of its own. */
  readonly say: (line: string) => void;
  readonly stop: () => void;
}

/** On a terminal one line that changes, and goes when nobody waits any more; in a job's log a line a minute. */
export function waiting(terminal: Terminal & NodeJS.WritableStream, status: () => string): Waiting {
  const { after, every } = terminal.isTTY === true ? ON_TERMINAL : IN_LOG;
  const start = Date.now();
  let isShown = false;
  let frame = 0;
  const clear = (): void => {
    if (isShown) terminal.write("\r\u001b[K");
    isShown = false;
  };
  const show = (): void => {
    const text = `${neutral(status()).replace(/\n/g, " ")} (${duration(Date.now() - start)})`;
    if (terminal.isTTY !== true) {
      print(terminal, text);
      return;
    }
    frame = (frame + 1) % FRAMES.length;
    terminal.write(rewritten(`${FRAMES[frame] ?? ""} ${text}`, terminal));
    isShown = true;
  };
  let repeated: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    repeated = setInterval(show, every);
  }, after);
  return {
    say: (line) => {
      clear();
      print(terminal, line);
    },
    stop: () => {
      clearTimeout(first);
      clearInterval(repeated);
      clear();
    },
  };
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
