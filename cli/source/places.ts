import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { memoized, nameIn, typeIn } from "../../policypack/face";
import type { Step } from "../gate/output";
import { isForeign, type Position, readFrame, type Roots } from "../report/position";
import { callAt, isMaker, makerIn, makersIn, matchOf, type Named } from "./find";
import type { Code } from "./fix";
import { type Call, grammarOf, parse, type Source } from "./syntax";
import { declarationOf, projectIn } from "./yaml";

/** The code that creates a resource, as far as the source shows. */
export interface Made {
  readonly position: Position;
  /** The code that makes the resource itself, and not a component that it is in. */
  readonly code?: Code;
}

/** Frames of Node.js, and of the parts of Pulumi's SDK that run a program, by their names in its source maps, too. */
const RUNNER =
  /^project:\/\/\/(.*\/)?(node:|node_modules\/@pulumi\/(pulumi|cmd|runtime)\/|node_modules\/@pulumi\/resource\.ts)/;

/** Nobody writes programs in files that are larger. */
const LARGEST = 2 * 1024 * 1024;

/** The places where the program makes its resources, by the frames that the SDK sends and by the source. */
export class Places {
  /** The code that creates a resource, by its URN. */
  readonly made = memoized((urn: string): Made | undefined => {
    const frames = this.steps.get(urn)?.frames;
    const resource = namedBy(urn);
    return frames && (this.#byFrames(frames, resource) ?? this.#byName(frames, resource));
  });
  readonly #source = memoized((file: string): Source | undefined => {
    const grammar = grammarOf(file);
    const text = grammar && this.#read(file);
    return grammar && text !== undefined ? parse(text, grammar, file) : undefined;
  });
  readonly #files = memoized(() => this.#programFiles());
  readonly #all = memoized(() => this.#sourcesBelow(this.roots.project));
  readonly #yaml: { readonly file: string; readonly text: string } | undefined;
  readonly #main: string | undefined;

  constructor(
    private readonly steps: ReadonlyMap<string, Step>,
    private readonly roots: Roots,
  ) {
    const text = this.#read(roots.manifest);
    const project = text === undefined ? {} : projectIn(text);
    this.#yaml = project.runtime === "yaml" ? this.#declarations(project.main) : undefined;
    this.#main = project.main;
  }

  /** The file of a program in YAML: Main.json, Main.yaml, or the project's own (LoadDir of pulumi-yaml 1.25). */
  #declarations(main = "."): { file: string; text: string } | undefined {
    const paths = ["Main.json", "Main.yaml", "Pulumi.yaml"].map((name) => join(this.roots.project, main, name));
    const path = paths.find((each) => existsSync(each));
    // JSON isn't changed here as YAML is.
    if (path === undefined || path.endsWith(".json")) return undefined;
    const file = this.#fileOf(path);
    const text = this.#read(file);
    return text === undefined || file.startsWith("../") ? undefined : { file, text };
  }

  #byFrames(frames: readonly string[], resource: Named): Made | undefined {
    // Whether the frame of the call itself may be missing, and whether it was outside of the program.
    let isGap = false;
    let isOutside = false;
    for (const frame of frames) {
      const position = frame === "" ? undefined : readFrame(frame, this.roots);
      if (position === undefined) {
        if (frame === "") isGap = true;
        else isOutside = true;
        continue;
      }
      const { file } = position;
      const source = this.#source(file);
      if (source === undefined) {
        // In a language that isn't read here, the SDK is right.
        if (grammarOf(file) === undefined) return { position };
        continue;
      }
      const call = callAt(source, position, resource);
      const match = call && matchOf(source, call, resource);
      if (call !== undefined && match !== undefined && !isGap && !isOutside && isMaker(match))
        return { position, code: { source, call } };
      const inside = isGap && call !== undefined ? makerIn(source, resource, true, call) : undefined;
      // If the text at the position isn't a call that fits, the one that does is somewhere in this file.
      const maker = inside ?? (isOutside ? undefined : makerIn(source, resource, match !== "other"));
      if (maker !== undefined) return madeBy(file, source, maker);
      // A component, or a class that is the resource's. Behind a gap the call may be anything.
      if (isOutside ? call !== undefined : match === "other" && !isGap) return { position };
      isGap ||= !isOutside;
    }
    return undefined;
  }

  /** By its name alone: what is made after an `await` has no frame at all in some versions of Node.js. */
  #byName(frames: readonly string[], resource: Named): Made | undefined {
    if (this.#yaml !== undefined) {
      const { file, text } = this.#yaml;
      const declared = declarationOf(text, resource);
      return declared && { position: { file, line: declared.line, column: declared.column }, code: { declared } };
    }
    // If a library makes it, a call of that name in the program is another's.
    const innermost = frames.find((frame) => frame !== "" && !RUNNER.test(frame));
    if (innermost !== undefined && readFrame(innermost, this.roots) === undefined) return undefined;
    const made = (files: readonly string[]): Made[] =>
      files.flatMap((file) => {
        const source = this.#source(file);
        return source ? makersIn(source, resource).map((call) => madeBy(file, source, call)) : [];
      });
    const near = made(this.#files(""));
    const [only, ...others] = near.length > 0 ? near : made(this.#all(""));
    return others.length === 0 ? only : undefined;
  }

  /** The project's files that can be read, without what is installed or built there. */
  #sourcesBelow(folder: string): readonly string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (/^(\.|(bin|build|dist|out)$)/.test(entry.name) || isForeign(`${path}/`)) return [];
      if (entry.isDirectory()) return this.#sourcesBelow(path);
      return entry.isFile() && grammarOf(path) !== undefined ? [this.#fileOf(path)] : [];
    });
  }

  /** The files that any resource is made in, and the one that the program usually starts with. */
  #programFiles(): readonly string[] {
    const starts = [this.#main, "index.ts", "index.js", "__main__.py", "main.go"]
      .filter((name) => name !== undefined)
      .map((name) => join(this.roots.project, name))
      .filter((path) => existsSync(path));
    const frames = new Set([...this.steps.values()].flatMap((step) => step.frames));
    const placed = [...frames].flatMap((frame) => readFrame(frame, this.roots)?.file ?? []);
    return [...new Set([...starts.map((path) => this.#fileOf(path)), ...placed])];
  }

  #fileOf(path: string): string {
    return relative(this.roots.repository, path).split(sep).join("/");
  }

  #read(file: string): string | undefined {
    try {
      const path = join(this.roots.repository, file);
      return statSync(path).size > LARGEST ? undefined : readFileSync(path, "utf8");
    } catch {
      return undefined; // Gone, or not readable: a position is only a help.
    }
  }
}

function madeBy(file: string, source: Source, call: Call): Made {
  const { line, col: column } = source.lines.linePos(call.from);
  return { position: { file, line, column }, code: { source, call } };
}

export const namedBy = (urn: string): Named => ({ type: typeIn(urn), name: nameIn(urn) });
