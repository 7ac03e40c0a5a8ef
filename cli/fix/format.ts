import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Roots } from "../report/position";
import type { ChangedText } from "./plan";

interface Formatter {
  readonly files: RegExp;
  readonly name: string;
  /** Where a project has it; without that, on the PATH. */
  readonly folders: readonly string[];
  /** Makes it read stdin. */
  readonly args: (path: string) => string[];
}

const NODE = { files: /\.[cm]?[jt]sx?$/, folders: ["node_modules/.bin"] };
const PYTHON = { files: /\.py$/, folders: [".venv/bin", "venv/bin", ""] };

const FORMATTERS: readonly Formatter[] = [
  { ...NODE, name: "prettier", args: (path) => ["--stdin-filepath", path] },
  { ...NODE, name: "biome", args: (path) => ["format", `--stdin-file-path=${path}`] },
  { ...PYTHON, name: "black", args: (path) => ["--quiet", "--stdin-filename", path, "-"] },
  { ...PYTHON, name: "ruff", args: (path) => ["format", "--stdin-filename", path, "-"] },
  { files: /\.go$/, folders: [""], name: "gofmt", args: () => [] },
];

/** The changed file in the layout of the project's own formatter, if the file was in it before. */
export function formatted(changed: ChangedText, { repository }: Roots): ChangedText {
  const path = join(repository, changed.file);
  const cwd = dirname(path);
  for (const { name, folders, args } of FORMATTERS.filter(({ files }) => files.test(path))) {
    const command = folders.map((folder) => (folder === "" ? name : commandAt(cwd, repository, join(folder, name))));
    const format = (input: string): string | undefined => {
      const { status, stdout } = spawnSync(command.find(Boolean) ?? "", args(path), { cwd, input, encoding: "utf8" });
      return status === 0 ? stdout : undefined;
    };
    if (command.some(Boolean) && format(changed.before) === changed.before)
      return { ...changed, after: format(changed.after) ?? changed.after };
  }
  return changed;
}

/** The command in the nearest folder that has it. */
function commandAt(folder: string, root: string, command: string): string | undefined {
  const path = join(folder, command);
  if (existsSync(path)) return path;
  return folder === root || folder === dirname(folder) ? undefined : commandAt(dirname(folder), root, command);
}
