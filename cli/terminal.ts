/** An output stream that may be a terminal. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
}

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** Replaces the line that changes: with as much of the new one as a row of the terminal holds. */
export function rewritten(line: string, { columns = 0 }: Pick<Terminal, "columns">): string {
  // 0, where a terminal doesn't know its size.
  return `\r\u001b[K${line.slice(0, (columns > 0 ? columns : 80) - 1)}`;
}
