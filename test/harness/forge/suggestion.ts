/** A comment on lines of the new side of a file. */
export interface LineComment {
  readonly path: string;
  readonly line: number;
  readonly start_line?: number;
  readonly body: string;
}

/** The code of a comment's suggested change, as Markdown reads it: a fence ends with one that is at least as long. */
export function suggestedIn(body: string): string | undefined {
  const lines = body.split("\n");
  const start = lines.findIndex((line) => /^`{3,}suggestion(:-\d+\+0)?$/.test(line));
  if (start === -1) return undefined;
  const length = /^`+/.exec(lines[start] ?? "")?.[0].length ?? 0;
  const end = lines.findIndex((line, at) => {
    const fence = /^ {0,3}(`{3,})\s*$/.exec(line)?.[1];
    return at > start && fence !== undefined && fence.length >= length;
  });
  return lines.slice(start + 1, end === -1 ? undefined : end).join("\n");
}

/** The file's text once somebody commits the suggestion. */
export function committed(text: string, { line, start_line: from, body }: LineComment): string {
  const suggested = suggestedIn(body);
  if (suggested === undefined) throw new Error("the comment has no suggested change");
  // GitHub replaces the comment's lines; GitLab counts those above it.
  const start = from ?? line - Number(/^`+suggestion:-(\d+)/m.exec(body)?.[1] ?? 0);
  const lines = text.split("\n");
  lines.splice(start - 1, line - start + 1, ...suggested.split("\n"));
  return lines.join("\n");
}
