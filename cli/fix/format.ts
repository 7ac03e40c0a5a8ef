import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Roots } from "../report/position";
import type { ChangedText } from "./plan";

const NODE = { files: /\.[cm]?[jt]sx?$/, folders: ["node_modules/.bin"] };
const PYTHON = { files: /\.py$/, folders: [".venv/bin", "venv/bin", ""] };

/** Formatters that read stdin, where a project has them; in no folder, on the PATH. */
const FORMATTERS = [
  { ...NODE, name: "prettier", args: (path: string) => ["--stdin-filepath", path] },
  { ...NODE, name: "biome", args: (path: string) => ["format", `--stdin-file-path=${path}`] },
  { ...PYTHON, name: "black", args: (path: string) => ["--quiet", "--stdin-filename", path, "-"] },
  { ...PYTHON, name: "ruff", args: (path: string) => ["format", "--stdin-filename", path, "-"] },
  { files: /\.go$/, folders: [""], name: "gofmt", args: (): string[] => [] },
];

/** The changed file in the layout of the project's own formatter, if the file was in it before. */
export function formatted(changed: ChangedText, { repository }: Roots): ChangedText {
  const path = join(repository, changed.file);
  const cwd = dirname(path);
  for (const { name, folders, args } of FORMATTERS.filter(({ files }) => files.test(path))) {
    const [command] = folders.flatMap((folder) =>
      folder === "" ? name : (commandAt(cwd, repository, join(folder, name)) ?? []),
    );
    if (command === undefined) continue;
    const format = (input: string): string | undefined => {
      const { status, stdout } = spawnSync(command, args(path), { cwd, input, encoding: "utf8" });
      return status === 0 ? stdout : undefined;
    };
    if (format(changed.before) === changed.before) return { ...changed, after: format(changed.after) ?? changed.after };
  }
  return changed;
}

/** The command in the nearest folder that has it. */
function commandAt(folder: string, root: string, command: string): string | undefined {
  const path = join(folder, command);
  if (existsSync(path)) return path;
  return folder === root || folder === dirname(folder) ? undefined : commandAt(dirname(folder), root, command);
}
