import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { EXIT_CODES, UsageError } from "../command";
import { CONFIG_FILE } from "../config";
import { choice, type CommandLine, flag, one, path, readArguments, shellQuoted, text, usage } from "../options";
import { calledAs, packageFolder } from "../own-package";
import { ReportError } from "../report/files";
import { print } from "../report/neutral";
import { findRoots, type Roots } from "../report/position";
import { git, projectsIn } from "../report/repository";
import help from "./help.json";
import { installedIntegrity } from "./installed";
import SETUP from "./setup.json";
import { EXAMPLES, type Forge, pinned, workflow } from "./workflow";

const { options: HELP, ...ABOUT } = help;

const COMMAND = {
  ...ABOUT,
  options: {
    yes: flag(HELP.yes),
    stack: one("NAME", HELP.stack, text),
    owner: one("NAME", HELP.owner, text),
    cwd: one("DIR", HELP.cwd, path),
    forge: one("NAME", HELP.forge, choice<Forge>(["github", "gitlab"])),
  },
} as const satisfies CommandLine;

export const USAGE = usage(COMMAND);

const { workflows: WORKFLOWS, settings: SETTINGS, installs: INSTALLS } = SETUP;
/** Installs the dependencies of a program in any other language. */
const OTHERWISE = 'pulumi --cwd "$PROJECT" install';

const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

/** The project that a folder is in, or the only one below it. @throws UsageError */
function projectOf(cwd: string): Roots {
  const above = findRoots(cwd);
  if (above !== undefined) return above;
  const folders = projectsIn(cwd).map(dirname);
  const [roots] = folders.map((folder) => findRoots(join(cwd, folder)));
  if (roots !== undefined && folders.length === 1) return roots;
  const none = `there is no Pulumi.yaml in ${cwd}, nor above or below it in a git repository`;
  const several = `there are several projects; choose one with --cwd: ${folders.join(", ")}`;
  throw new UsageError(folders.length > 1 ? several : none);
}

function stackOf(project: string): string {
  const stacks = readdirSync(project).flatMap((file) => /^Pulumi\.(?!fork\.ya?ml$)(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
  const stack = stacks.length === 1 ? stacks[0] : stacks.find((each) => each === "dev");
  if (stack !== undefined) return stack;
  const why = stacks.length === 0 ? "no Pulumi.NAME.yaml names one" : `there are ${stacks.join(", ")}`;
  throw new UsageError(`choose a stack with --stack: ${why}`);
}

function forgeOf(root: string): Forge {
  const [remote = ""] = /git(?:hub|lab)/i.exec(git(root, "remote", "get-url", "origin")) ?? [];
  const folder = [".gitlab-ci.yml", ".github"].find((file) => existsSync(join(root, file))) ?? "";
  const [, forge] = /(github|gitlab)/i.exec(remote || folder) ?? [];
  if (forge !== undefined) return forge.toLowerCase() as Forge;
  throw new UsageError("neither a remote nor a file names GitHub or GitLab: pass --forge github or --forge gitlab");
}

function installOf(root: string, project: string, runtime: string): string {
  const ways = INSTALLS.filter((way) => way.runtime === runtime);
  for (let folder = project; ; folder = dirname(folder)) {
    const where = folder === project ? '"$PROJECT"' : shellQuoted(relative(root, folder) || ".");
    const known = ways.find(({ file, text = "" }) => textOf(join(folder, file))?.includes(text));
    if (known !== undefined) return known.install.replace("FOLDER", () => where);
    if (folder === root || folder === dirname(folder)) return OTHERWISE;
  }
}

/** The example, for the package that runs: its hash is in the lockfile that it was installed by. */
function example(forge: Forge, left: string[]): string {
  const folder = packageFolder();
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  const own = JSON.parse(read("package.json")) as { name: string; version: string; private?: boolean };
  if (own.private === true) {
    left.push("GATE, GATE_VERSION and GATE_INTEGRITY: this is a checkout; publish the package, and run it from there");
    return read(EXAMPLES[forge]);
  }
  const integrity = installedIntegrity(folder, own.name, own.version);
  if (integrity === undefined)
    left.push(`GATE_INTEGRITY: put in the hash that this prints: npm view ${own.name}@${own.version} dist.integrity`);
  return pinned(read(EXAMPLES[forge]), { ...own, integrity: integrity ?? "sha512-REPLACE" });
}

/** The file of the project's workflow, and what sets it apart from another project's. */
function placeOf(root: string, forge: Forge, folder: string): { place: string; suffix: string } {
  const { usual, other } = WORKFLOWS[forge];
  const texts = [usual, other].map((file) => textOf(join(root, file)));
  const projects = texts.map((text) => /^ +PROJECT: "?(.*?)"?$/m.exec(text ?? "")?.[1]);
  const own = [usual, other][projects.indexOf(folder)];
  if (own !== undefined) return { place: own, suffix: "" };
  if (projects.every((project) => project === undefined))
    return { place: texts[0] === undefined ? usual : other, suffix: "" };
  const suffix = `-${folder === "." ? "root" : folder.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
  return { place: other.replace(/(?=\.yml$)/, suffix), suffix };
}

/** The lines of CODEOWNERS, in a file that is there or a new one. */
function codeowners(root: string, forge: Forge, guarded: readonly string[], owner: string | undefined, left: string[]) {
  const own = `.${forge}/CODEOWNERS`;
  const there = [own, "CODEOWNERS", "docs/CODEOWNERS"].find((file) => existsSync(join(root, file)));
  const lines = [...guarded, there ?? own].map((file) => `/${file.replaceAll(" ", "\\ ")}`);
  const given = textOf(join(root, there ?? own)) ?? "";
  const missing = lines.filter((line) => !given.includes(line)).map((line) => `${line} ${owner ?? "@OWNER"}`);
  if (there === undefined && owner !== undefined) return { [own]: `${missing.join("\n")}\n` };
  if (missing.length > 0)
    left.push(`${there ?? own}: add these lines${there ? "" : ", or pass --owner"}:\n    ${missing.join("\n    ")}`);
  return {};
}

export function run(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(COMMAND, argv);
  const { repository: root, project, manifest } = projectOf(values.cwd ?? process.cwd());
  const { stack = stackOf(project), forge = forgeOf(root), yes } = values;
  if (!/^[\w./-]+$/.test(stack)) throw new UsageError(`${stack} is no stack's name`);
  const [, runtime = "unknown"] =
    /^runtime:\s*(?:name:\s*)?["']?([\w-]+)/m.exec(readFileSync(join(root, manifest), "utf8")) ?? [];
  const folder = relative(root, project).split(sep).join("/") || ".";
  const head = git(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD").replace(/^origin\//, "");
  const branch = head || (git(root, "rev-parse", "--verify", "--quiet", "refs/heads/master") ? "master" : "main");

  const left: string[] = [];
  const { place, suffix } = placeOf(root, forge, folder);
  const install = installOf(root, project, runtime);
  const isNode = runtime === "nodejs";
  const made = workflow(example(forge, left), forge, { stack, project: folder, suffix, isNode, install, branch });
  const { usual } = WORKFLOWS[forge];
  if (forge === "gitlab" && place !== usual && textOf(join(root, usual))?.includes(place) !== true)
    left.push(`${usual}: add\n    include:\n      - local: ${place}`);
  if ((textOf(join(root, place)) ?? made) !== made)
    left.push(`${place}: it differs from the file of init; move it away to see that one`);
  const config = folder === "." ? CONFIG_FILE : `${folder}/${CONFIG_FILE}`;
  const files = { [place]: made, [config]: "{}\n", ...codeowners(root, forge, [place, config], values.owner, left) };

  print(process.stdout, `The stack ${stack} of ${manifest} (${runtime}), on ${SETUP.names[forge]}.`);
  const isNew = Object.keys(files).some((file) => !existsSync(join(root, file)));
  for (const [file, content] of Object.entries(files)) {
    const isThere = existsSync(join(root, file));
    if (yes && !isThere) {
      try {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), content, { flag: "wx" }); // Never over a file, be it a link that leads nowhere.
      } catch (error) {
        throw new ReportError(`${join(root, file)} can't be written: ${(error as Error).message}`);
      }
    }
    print(process.stdout, `\n${file}: ${isThere ? "exists, left as it is" : yes ? "written" : "new"}`);
    if (!yes && !isThere) print(process.stdout, content.trimEnd().replaceAll(/^(?=.)/gm, "    "));
  }
  if (left.length > 0) print(process.stdout, `\nLeft to you:\n  ${left.join("\n  ")}`);
  print(process.stdout, `\nThen set ${SETTINGS[forge]}, and require the check.`);
  const again = ["init", ...argv, "--yes"].map(shellQuoted).join(" ");
  if (!yes && isNew) print(process.stdout, `Nothing was written. To write the files: ${calledAs()} ${again}`);
  return Promise.resolve(left.length > 0 ? EXIT_CODES.blocked : EXIT_CODES.passed);
}
