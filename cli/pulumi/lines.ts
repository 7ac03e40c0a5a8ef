import type { Readable } from "node:stream";

/** Says each line of a stream as soon as it is whole, and at the end what is left. A lone CR ends a line too, as for GitHub's runner. */
export function eachLine(stream: Readable, say: (line: string) => void): void {
  let unfinished = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    // A CR at the end may be half of a CR LF.
    const lines = (unfinished + chunk).split(/\r\n|\n|\r(?!$)/);
    unfinished = lines.pop() ?? "";
    for (const line of lines) say(line);
  });
  stream.on("end", () => {
    if (unfinished !== "") say(unfinished.replace(/\r$/, ""));
  });
}
