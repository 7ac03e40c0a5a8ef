import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { devNull, tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type TypeScript from "typescript";
import type { Roots } from "../report/position";
import { FixError } from "../source/edit";
import type { ChangedText } from "./plan";

/** The errors of a project, with the texts of some of its files. */
type Compiler = (texts: ReadonlyMap<string, string>, project: string) => string[];

/**
 * The compiler's errors that the program doesn't have yet, with the files as they would be. Nothing is written into the
 * program: compilers get the new texts in place of the files.
 * @throws FixError where the compiler isn't there
 */
export function newErrors(files: readonly ChangedText[], { repository, project }: Roots): string[] {
  const compilers: readonly (readonly [RegExp, Compiler])[] = [
    [/\.[cm]?tsx?$/, byTypeScript],
    [/\.go$/, byGo],
  ];
  return compilers.flatMap(([kind, compile]) => {
    const own = files.filter(({ file }) => kind.test(file));
    const errorsIn = (side: "before" | "after"): string[] =>
      compile(new Map(own.map((each) => [join(repository, each.file), each[side]])), project);
    const errors = own.length === 0 ? [] : errorsIn("after");
    const old = errors.length === 0 ? [] : errorsIn("before").map(withoutPlace);
    return errors.filter((error) => {
      const at = old.indexOf(withoutPlace(error));
      if (at !== -1) old.splice(at, 1);
      return at === -1;
    });
  });
}

/** A change moves the lines behind it. */
const withoutPlace = (error: string): string => error.replace(/[:(]\d+[:,]\d+\)?/g, "");

const byTypeScript: Compiler = (texts, project) => {
  const ts = typeScriptOf(project);
  const config = ts.findConfigFile(project, (file) => ts.sys.fileExists(file));
  const read = config === undefined ? undefined : ts.readConfigFile(config, (file) => ts.sys.readFile(file));
  // Without a tsconfig.json, as Pulumi's language host has it.
  const json: unknown = read?.config ?? {
    compilerOptions: { target: "es2020", module: "commonjs", strict: true },
    files: [],
  };
  const parsed = ts.parseJsonConfigFileContent(json, ts.sys, config === undefined ? project : dirname(config));
  const options = { ...parsed.options, noEmit: true, skipLibCheck: true };
  const host = ts.createCompilerHost(options);
  const own = host.readFile.bind(host);
  host.readFile = (file) => texts.get(resolve(file)) ?? own(file);
  const program = ts.createProgram({ rootNames: [...new Set([...parsed.fileNames, ...texts.keys()])], options, host });
  return ts
    .getPreEmitDiagnostics(program)
    .map((each) => ts.formatDiagnostic(each, { ...FORMAT, getCurrentDirectory: () => project }).trim());
};

const FORMAT = { getCanonicalFileName: (file: string) => file, getNewLine: () => "\n" };

function typeScriptOf(project: string): typeof TypeScript {
  try {
    const ts = createRequire(join(project, "package.json"))("typescript") as typeof TypeScript;
    if (typeof ts.createProgram === "function") return ts;
  } catch {
    // There is none.
  }
  throw new FixError("--check needs the package typescript in the project's node_modules");
}

const byGo: Compiler = (texts, project) => {
  const folder = mkdtempSync(join(tmpdir(), "fix-check-"));
  try {
    const replaced = [...texts].map(([file, text], at) => {
      const put = join(folder, `${at}.go`);
      writeFileSync(put, text);
      return [file, put];
    });
    const overlay = join(folder, "overlay.json");
    writeFileSync(overlay, JSON.stringify({ Replace: Object.fromEntries(replaced) as object }));
    const args = ["build", "-gcflags=-e", `-overlay=${overlay}`, "-o", devNull, "./..."];
    const { error, status, stderr } = spawnSync("go", args, { cwd: project, encoding: "utf8", maxBuffer: 2 ** 26 });
    if (error !== undefined) throw new FixError("--check needs go on the PATH");
    const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const files = [...texts.keys()].map((file) => relative(project, file));
    const named = lines.map((line) =>
      line.replace(/(?<!\S)\S*fix-check-\w+\/(\d+)\.go/, (_, at) => files[Number(at)] ?? ""),
    );
    return status === 0 ? [] : named;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
