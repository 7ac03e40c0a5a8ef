import { inspect } from "node:util";

/** A stream, and whether a person sits before it. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/**
 * Whether colors are wanted in what is printed there: on a terminal, unless NO_COLOR is set (no-color.org); and anywhere
 * with FORCE_COLOR, which wins as it does in Node.js. A file gets none.
 */
export function hasColors({ isTTY }: Pick<Terminal, "isTTY">, env: NodeJS.ProcessEnv): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: kind } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isTTY === true && (refused ?? "") === "" && kind !== "dumb";
}

/** What writes the line that changes, in place of what was there: as much of it as a row of the terminal holds. */
export function rewritten(line: string, { columns = 0 }: Pick<Terminal, "columns">): string {
  // 0, where a terminal doesn't know its size.
  return `\r\u001b[K${line.slice(0, (columns > 0 ? columns : 80) - 1)}`;
}

/** The text in that style. It must be neutral already: what makes it so takes colors out. */
export function painted(text: string, style: Style): string {
  const [on, off] = inspect.colors[style] ?? [0, 0];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
