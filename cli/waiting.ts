import { neutral, print } from "./report/neutral";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** How long nothing is shown, and how often it is then, in milliseconds. */
const ON_TERMINAL = { after: 2000, every: 100 };
/** A job's log keeps every line. */
const IN_LOG = { after: 10_000, every: 60_000 };

type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Shows progress once an operation takes long: on a terminal one line that changes, and goes when nobody waits any more; in a job's log a line a minute; or nothing. */
export function waiting(terminal: Terminal, status: () => string, isQuiet = false) {
  const { isTTY: isTerminal = false, columns = 0 } = terminal;
  const { after, every } = isTerminal ? ON_TERMINAL : IN_LOG;
  const start = Date.now();
  let isShown = false;
  let frame = 0;
  const clear = (): void => {
    if (isShown) terminal.write("\r\u001b[K");
    isShown = false;
  };
  const show = (): void => {
    const text = `${neutral(status()).replace(/\n/g, " ")} (${duration(Date.now() - start)})`;
    if (!isTerminal) {
      print(terminal, text);
      return;
    }
    frame = (frame + 1) % FRAMES.length;
    // As much as a row holds. It is of 0 columns where a terminal doesn't know its size.
    const row = `${FRAMES[frame] ?? ""} ${text}`.slice(0, (columns > 0 ? columns : 80) - 1);
    terminal.write(`\r\u001b[K${row}`);
    isShown = true;
  };
  let repeated: NodeJS.Timeout | undefined;
  const begin = (): void => {
    show();
    repeated = setInterval(show, every);
  };
  const first = isQuiet ? undefined : setTimeout(begin, after);
  return {
    /** Prints a line of its own. */
    say: (line: string): void => {
      clear();
      print(terminal, line);
    },
    stop: (): void => {
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
