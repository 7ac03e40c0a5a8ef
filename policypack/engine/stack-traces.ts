import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";

/*
 * Where the pack is a bundle, the language host makes its stack traces name the sources. The engine can also run the
 * bundle as an executable, without a host; it then does it by itself. The map is read for the first trace only.
 */
if (require.main?.filename === __filename) mapStackTraces(__filename);

export function mapStackTraces(bundle: string): void {
  let map: Origins | undefined;
  Error.prepareStackTrace = (error, frames) => {
    const read = (map ??= readMap(`${bundle}.map`));
    const lines = frames.map((frame) => {
      const [line, column] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0];
      const origin = read.findOrigin(line, column);
      const text = (frame as { toString: () => string }).toString();
      if (!("fileName" in origin)) return text;
      const file = path.resolve(path.dirname(bundle), origin.fileName);
      // Where the frame is of another file, its text has no such place.
      return text.replace(`${bundle}:${line}:${column}`, `${file}:${origin.lineNumber}:${origin.columnNumber}`);
    });
    return [String(error), ...lines].join("\n    at ");
  };
}

type Origins = Pick<SourceMap, "findOrigin">;

/** A bundle that was copied without its map has traces that name its own lines. */
function readMap(file: string): Origins {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")) as SourceMapPayload);
  } catch {
    return { findOrigin: () => ({}) };
  }
}
