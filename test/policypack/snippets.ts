import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { run } from "../harness/engine/command";
import { newFolder } from "../harness/engine/files";
import { workspace, type Workspace } from "../harness/engine";
import { CACHE, ROOT } from "../harness/engine/paths";
import { testdata } from "../testdata";

/*
 * What the pack prints is pasted into the program, with its placeholders replaced, and the preview passes: by each
 * language's own compiler or interpreter. Nothing that is pasted is written here.
 */

/** A finding as the CLI prints it: its first line says which resource it is on. */
interface Printed {
  readonly level: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** The findings in what a preview printed, and nothing that follows them. */
function printed(stdout: string): Printed[] {
  const [, section = ""] = /^Policies:\n([^]*?)^(?=\S)/m.exec(`${stdout}\nend`) ?? [];
  return section.split(/^ +- (?=\[)/m).flatMap((part) => {
    const [head = "", ...lines] = part.split("\n");
    const [, level = "", name] = /^\[(mandatory|advisory)\].* \(\S+: (.*)\)$/.exec(head) ?? [];
    return name === undefined ? [] : [{ level, name, lines }];
  });
}

const indentOf = (line: string): number => line.search(/[^ ]/);

/** The code below the heading in which `heading` is found, without its indentation. */
function codeBelow({ lines }: Printed, heading: RegExp): string[] | undefined {
  const at = lines.findIndex((line) => heading.test(line));
  const start = lines[at];
  if (start === undefined) return undefined;
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => indentOf(line) <= indentOf(start));
  const code = end === -1 ? rest : rest.slice(0, end);
  return code.map((line) => line.slice(indentOf(code[0] ?? "")));
}

/** The lines with what a person puts in the place of the placeholders, which the message must name. */
function filledIn({ lines }: Printed, code: readonly string[], variable: string): string[] {
  const message = lines.join("\n");
  const [, bucket = "?"] = /where (\w+) is (?:the variable that holds|the key of) the bucket/.exec(message) ?? [];
  const [, provider = "?", of] =
    /and (\w+) (?:the variable that holds|the key of) its provider '(.*)':$/m.exec(message) ?? [];
  return code.map((line) => line.replaceAll(bucket, variable).replaceAll(provider, of ?? "?"));
}

/** The property that a line sets, as the language spells it. */
const propertyOf = (line: string): string => /\w+/.exec(line)?.[0] ?? "";

/** The program with one line of a resource set: in the place of the line that sets it, or below that which names the bucket. */
function withSetting(program: readonly string[], resource: string, setting: string): string[] {
  const start = program.findIndex((line) => new RegExp(`\\b${resource}\\b`).test(line)) + 1;
  const indent = /^\s*/.exec(program[start] ?? "")?.[0] ?? "";
  const length = program.slice(start).findIndex((line) => !line.startsWith(indent));
  const lines = program.slice(start, start + length);
  const setter = (property: string): number => lines.findIndex((line) => propertyOf(line) === property);
  const own = setter(propertyOf(setting));
  const bucket = lines.findIndex((line) => propertyOf(line).toLowerCase() === "bucket");
  const inside = /^\s*/.exec(lines[bucket] ?? "")?.[0] ?? "";
  lines.splice(own === -1 ? bucket + 1 : own, own === -1 ? 0 : 1, inside + setting);
  return [...program.slice(0, start), ...lines, ...program.slice(start + length)];
}

/** The program with what one finding says done. */
function mended(program: readonly string[], finding: Printed): string[] {
  const variable = propertyOf(finding.name); // As each program here calls it.
  const block = codeBelow(finding, /^ +Add one\b.*:$/);
  if (block !== undefined) {
    const at = program.findIndex((line) => line.includes(HERE));
    const indent = /^\s*/.exec(program[at] ?? "")?.[0] ?? "";
    const lines = filledIn(finding, block, variable).map((line) => indent + line);
    return [...program.slice(0, at), ...lines, ...program.slice(at)];
  }
  const message = finding.lines.join("\n");
  const [, resource = ""] =
    /In '(.*)', set$/m.exec(message) ?? /public access block '(.*)' targets it/.exec(message) ?? [];
  const settings = codeBelow(finding, /^ +In '.*', set$|^ +Name the bucket there\b.*:$/) ?? [];
  return filledIn(finding, settings, variable).reduce(
    (lines, setting) => withSetting(lines, resource, setting),
    [...program],
  );
}

/** Above this line new resources are pasted. */
const HERE = "paste here";

const PROGRAMS = testdata("snippets.yaml") as Record<string, string>;

/** The program in a language. */
export function programIn(language: "javascript" | "typescript" | "python" | "go" | "java" | "yaml"): string {
  const text = PROGRAMS[language === "javascript" ? "typescript" : language] ?? expect.fail();
  if (language !== "javascript") return text;
  return text.replaceAll(/^import \* as (\w+) from (.*);$/gm, "const $1 = require($2);");
}

/** What a program needs beside its own file. */
interface Setting {
  readonly file: string;
  readonly text: string;
  /** The other files, by their names. */
  readonly others?: Readonly<Record<string, string>>;
  /** Writes them, and gives the environment of a preview. */
  readonly prepare?: (folder: string) => Promise<NodeJS.ProcessEnv> | NodeJS.ProcessEnv;
  /** The form of the pack, if not that of a folder. */
  readonly pack?: string;
  /** Compiles the program, where that isn't done by running it. */
  readonly compile?: (folder: string) => Promise<void>;
}

export const project = (runtime: string, main = ""): string =>
  `name: shop\nruntime: ${runtime}\n${main === "" ? "" : `main: ${main}\n`}`;

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

export async function checkTypes(folder: string): Promise<void> {
  const args = [TSC, "--noEmit", "--project", folder];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: folder, limitMs: 5 * 60_000 });
  if (code !== 0) throw new Error(stdout + stderr);
}

/** Previews the program, does what each of its findings says, and previews it again. */
export async function pasteAll(setting: Setting): Promise<void> {
  const folder = newFolder(join(CACHE, "snippets"));
  try {
    const { PATH, ...others } = (await setting.prepare?.(folder)) ?? {};
    for (const [name, content] of Object.entries(setting.others ?? {})) {
      writeFileSync(join(folder, name), content);
    }
    writeFileSync(join(folder, setting.file), setting.text);
    const stack = await workspace(folder);
    try {
      const env = { ...others, ...(PATH === undefined ? {} : { PATH: `${PATH}:${stack.env.PATH ?? ""}` }) };
      await pasteInto(stack, setting, env);
    } finally {
      await stack.remove();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pasteInto(
  stack: Workspace,
  { file, text, pack = ROOT, compile }: Setting,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await compile?.(stack.dir);
  const before = await stack.preview({ packs: [pack], env });
  const findings = printed(before.stdout);
  const open = findings.filter(({ level }) => level === "mandatory").map(({ name }) => name);
  expect(open.sort(), before.stdout + before.stderr).to.deep.equal(["elsewhere", "mixed", 'open "kit"', "weak"]);
  const lines = findings.reduce<readonly string[]>(mended, text.split("\n"));
  writeFileSync(join(stack.dir, file), lines.join("\n"));
  await compile?.(stack.dir);
  const after = await stack.preview({ packs: [pack], env });
  // A provider of unknown version has no skipDestroy to set, which stays a note.
  const left = after.violations.filter(({ policy }) => policy !== "s3-public-access-block-skip-destroy");
  expect(left, lines.join("\n")).to.deep.equal([]);
  expect(after.code, after.stdout + after.stderr).to.equal(0);
}
