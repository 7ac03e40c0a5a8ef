import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Roots } from "../report/position";
import FORMATTERS from "./formatters.json";
import type { ChangedText } from "./plan";

/** The changed file in the layout of the project's own formatter, if the file was in it before. */
export function formatted(changed: ChangedText, { repository }: Roots): ChangedText {
  const path = join(repository, changed.file);
  const cwd = dirname(path);
  for (const { files, name, folders, args } of FORMATTERS) {
    const found = folders.flatMap((folder) =>
      folder === "PATH" ? name : (nearest(cwd, repository, join(folder, name)) ?? []),
    );
    const format = (input: string): string | undefined => {
      const words = args.map((each) => (each === "FILE" ? path : each));
      const { status, stdout } = spawnSync(found[0] ?? "", words, { cwd, input, encoding: "utf8" });
      return status === 0 ? stdout : undefined;
    };
    if (new RegExp(files).test(path) && found.length > 0 && format(changed.before) === changed.before)
      return { ...changed, after: format(changed.after) ?? changed.after };
  }
  return changed;
}

/** The command in the nearest folder that has it. */
function nearest(folder: string, root: string, command: string): string | undefined {
  const path = join(folder, command);
  if (existsSync(path)) return path;
  return folder === root || folder === dirname(folder) ? undefined : nearest(dirname(folder), root, command);
}
