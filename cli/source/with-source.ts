import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Step } from "../gate/output";
import { withCode, withComponent } from "../report/message";
import { sorted } from "../report/groups";
import { type Position, readFrame, type Roots } from "../report/position";
import type { Finding, Report, Subject } from "../report/report";
import { FLAGS, type LanguageName, languageOf, LANGUAGES, quoted, typeIn } from "../../policypack/face";
import { lineStart, toEdit } from "./edit";
import { callAt, isMaker, makerIn, matchOf, type Named, takenIn } from "./find";
import { fix } from "./fix";
import { FIXED_HERE, targetOf } from "./target";
import { type Call, grammarOf, parse, type Source } from "./syntax";
import { type Declared, declarationOf, projectIn, fixDeclared } from "./yaml";

export { faultsIn } from "./syntax";

/** What makes a resource, as far as the source shows. */
interface Made {
  readonly position: Position;
  readonly source?: Source;
  /** The call that makes the resource itself, and not a component that it is in. */
  readonly call?: Call;
  readonly declared?: Declared;
}

/**
 * The report with the source of the program read: each finding is on the line that really makes its resource, its fix is in
 * the program's own language and names, and it has the edits that fix it where these are plain. Where the source can't be
 * read, a finding stays as it is.
 */
export function withSource(report: Report, steps: readonly Step[], roots: Roots): Report {
  const program = new Program(steps, roots, report.findings);
  return {
    ...report,
    findings: sorted(report.findings.map((finding) => program.improved(finding))),
    remediations: report.remediations.map((subject) => program.placed(subject)),
  };
}

/** Frames of Node.js, and of the parts of Pulumi's SDK that run a program, by their names in its source maps, too. */
const RUNNER =
  /^project:\/\/\/(.*\/)?(node:|node_modules\/@pulumi\/(pulumi|cmd|runtime)\/|node_modules\/@pulumi\/resource\.ts)/;

/** Files beyond this aren't programs that someone wrote. */
const LARGEST = 2 * 1024 * 1024;

class Program {
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #sources = new Map<string, Source | undefined>();
  readonly #places = new Map<string, Made | undefined>();
  readonly #yaml: { readonly file: string; readonly text: string } | undefined;
  readonly #main: string | undefined;
  #files: readonly string[] | undefined;
  readonly #taken: ReturnType<typeof takenIn>;
  #wanted: ReadonlyMap<Call, Set<string>> | undefined;

  constructor(
    steps: readonly Step[],
    private readonly roots: Roots,
    private readonly findings: readonly Finding[],
  ) {
    this.#steps = new Map(steps.filter(({ after }) => after !== undefined).map((step) => [step.urn, step]));
    this.#taken = takenIn([...this.#steps.keys()].map(namedBy));
    const text = this.#read(roots.manifest);
    const project = text === undefined ? {} : projectIn(text);
    this.#yaml = project.runtime === "yaml" ? this.#declarations(project.main) : undefined;
    this.#main = project.main;
  }

  /** The file of a program in YAML: Main.json, Main.yaml, or the project's own (LoadDir of pulumi-yaml 1.25). */
  #declarations(main = "."): { file: string; text: string } | undefined {
    const { project, repository } = this.roots;
    const paths = ["Main.json", "Main.yaml", "Pulumi.yaml"].map((name) => join(project, main, name));
    const path = paths.find((each) => existsSync(each));
    // JSON isn't changed here as YAML is.
    if (path === undefined || path.endsWith(".json")) return undefined;
    const file = relative(repository, path).split(sep).join("/");
    const text = this.#read(file);
    return text === undefined || file.startsWith("../") ? undefined : { file, text };
  }

  /** The subject where its resource is made. A position that the source denies is taken away. */
  placed<T extends Subject>(subject: T): T {
    const urn = subject.placedAt ?? subject.urn;
    if (!this.#steps.has(urn)) return subject;
    const position = this.#made(urn)?.position;
    const others = Object.entries(subject).filter(([key]) => key !== "position");
    const unplaced = Object.fromEntries(others) as unknown as T;
    return position === undefined ? unplaced : { ...unplaced, position };
  }

  improved(finding: Finding): Finding {
    const placed = this.placed(finding);
    const tried = finding.placedAt === undefined ? this.#fixed(placed) : placed;
    const fixed = tried.edits === undefined ? { byHand: this.#byHand(tried), ...tried } : tried;
    const component = this.#component(placed);
    return component === undefined ? fixed : withComponent(fixed, ...component);
  }

  #fixed(finding: Finding): Finding {
    const target = targetOf(finding, [...this.#steps.values()]);
    const made = this.#made(target?.urn ?? finding.urn);
    if (made === undefined) return finding;
    const { source, call, declared, position } = made;
    const language = declared === undefined ? source?.grammar : "yaml";
    if (target === undefined) return language === undefined ? finding : respelled(finding, language);
    const { wanted } = target;
    const change =
      source !== undefined && call !== undefined
        ? fix(source, call, wanted, {
            isTaken: this.#taken(source, call),
            properties: [...FLAGS, "skipDestroy"].filter((each) =>
              (this.#wanted ??= this.#properties()).get(call)?.has(each),
            ),
          })
        : declared && fixDeclared(declared, wanted);
    if (change === undefined) return finding;
    const text = source?.text ?? declared?.text ?? "";
    const groups = change.groups.filter(({ length }) => length > 0);
    const edits = groups.map((group) => toEdit(position.file, text, group));
    // What is said of an ACL fits as it is.
    const { lines, why, hasPlaceholder } = change;
    const reworded = wanted.kind === "private" ? finding : withCode(finding, () => lines, hasPlaceholder);
    if (edits.length > 0) return { ...reworded, edits };
    return why === undefined ? reworded : { ...reworded, byHand: `${position.file}: ${why}` };
  }

  /** The properties that any finding wants of what each call makes. */
  #properties(): ReadonlyMap<Call, Set<string>> {
    const wanted = new Map<Call, Set<string>>();
    for (const finding of this.findings) {
      const target = targetOf(finding, [...this.#steps.values()]);
      const call = target?.wanted.kind === "properties" ? this.#made(target.urn)?.call : undefined;
      if (target === undefined || call === undefined) continue;
      wanted.set(call, new Set([...(wanted.get(call) ?? []), ...target.wanted.properties]));
    }
    return wanted;
  }

  /** Why a finding has no edits. */
  #byHand(finding: Finding): string {
    const target = targetOf(finding, [...this.#steps.values()]);
    if (finding.placedAt !== undefined || target === undefined) {
      return "what fixes it is for a person to decide";
    }
    const made = this.#made(target.urn);
    if (made === undefined) return "the program's source doesn't show where its resource is made";
    const { source, call, declared, position } = made;
    if (declared !== undefined || call !== undefined) {
      return `what makes it in ${position.file} isn't of a form that can be changed without a person`;
    }
    return source === undefined && grammarOf(position.file) === undefined
      ? `${position.file} is in a language that isn't read here`
      : `a library or a class makes its resource, not ${position.file} itself`;
  }

  /** Which component the resource is in, and where that is made. */
  #component({ urn, placedAt, position }: Subject): [what: string, where: string] | undefined {
    const step = this.#steps.get(urn) ?? this.#steps.get(placedAt ?? "");
    const parent = this.#steps.get(step?.after?.parent ?? "");
    // Only a component has no provider; the stack is the one that isn't anybody's.
    const isComponent = parent?.after?.provider === "" && parent.after.parent !== "";
    if (!isComponent) return undefined;
    const what = `Made inside ${typeIn(parent.urn)} ${quoted(parent.urn)}`;
    const made = this.#made(parent.urn)?.position;
    if (made === undefined) return [what, "."];
    const isHere = made.file === position?.file && made.line === position.line;
    return [what, isHere ? ", which this line makes." : ` at ${made.file}:${made.line}.`];
  }

  #made(urn: string): Made | undefined {
    if (!this.#places.has(urn)) this.#places.set(urn, this.#find(urn));
    return this.#places.get(urn);
  }

  #find(urn: string): Made | undefined {
    const step = this.#steps.get(urn);
    if (step === undefined) return undefined;
    const resource = namedBy(urn);
    return this.#byFrames(step.frames, resource) ?? this.#byName(step.frames, resource);
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
      const grammar = grammarOf(position.file);
      const source = this.#source(position.file);
      if (source === undefined) {
        // Of a language that isn't read here, the SDK's word is taken.
        if (grammar === undefined) return { position };
        continue;
      }
      const call = callAt(source, position, resource);
      if (isOutside) {
        if (call !== undefined) return { position };
        continue;
      }
      const match = call && matchOf(source, call, resource);
      if (call !== undefined && match !== undefined && !isGap && isMaker(match)) return { position, source, call };
      const inside = isGap && call !== undefined ? makerIn(source, resource, true, call) : undefined;
      // Where the text at the position isn't a call that fits, the one that does is somewhere in this file.
      const maker = inside ?? makerIn(source, resource, match !== "other");
      if (maker !== undefined) return { position: positionOf(position.file, source, maker), source, call: maker };
      if (match === "other" || (isGap && call !== undefined)) return { position };
      isGap = true;
    }
    return undefined;
  }

  /** By its name alone: what is made after an `await` has no frame at all in some versions of Node.js. */
  #byName(frames: readonly string[], resource: Named): Made | undefined {
    if (this.#yaml !== undefined) {
      const { file, text } = this.#yaml;
      const declared = declarationOf(text, resource);
      return declared && { position: { file, line: declared.line, column: declared.column }, declared };
    }
    // Where a library makes it, a call of that name in the program is another's.
    const innermost = frames.find((frame) => frame !== "" && !RUNNER.test(frame));
    if (innermost !== undefined && readFrame(innermost, this.roots) === undefined) return undefined;
    const found = this.#programFiles().flatMap((file) => {
      const source = this.#source(file);
      const call = source && makerIn(source, resource);
      return source === undefined || call === undefined ? [] : [{ file, source, call }];
    });
    const [only, ...others] = found;
    if (only === undefined || others.length > 0) return undefined;
    return { position: positionOf(only.file, only.source, only.call), source: only.source, call: only.call };
  }

  /** The files that any resource is made in, and the one that the program usually starts with. */
  #programFiles(): readonly string[] {
    if (this.#files === undefined) {
      const { project, repository } = this.roots;
      const starts = [this.#main, "index.ts", "index.js", "__main__.py", "main.go"]
        .filter((name) => name !== undefined)
        .map((name) => join(project, name))
        .filter((path) => existsSync(path))
        .map((path) => relative(repository, path).split(sep).join("/"));
      const frames = new Set([...this.#steps.values()].flatMap((step) => step.frames));
      const told = [...frames].map((frame) => readFrame(frame, this.roots)?.file);
      this.#files = [...new Set([...starts, ...told.filter((file) => file !== undefined)])];
    }
    return this.#files;
  }

  #source(file: string): Source | undefined {
    if (!this.#sources.has(file)) {
      const grammar = grammarOf(file);
      const text = grammar === undefined ? undefined : this.#read(file);
      this.#sources.set(file, grammar === undefined || text === undefined ? undefined : parse(text, grammar, file));
    }
    return this.#sources.get(file);
  }

  #read(file: string): string | undefined {
    try {
      const path = join(this.roots.repository, file);
      return statSync(path).size > LARGEST ? undefined : readFileSync(path, "utf8");
    } catch {
      return undefined; // Gone, or not to be read: a position is only a help.
    }
  }
}

/** Settings of a block that isn't the finding's own resource, as the program's language spells them. */
function respelled(finding: Finding, language: LanguageName): Finding {
  const { policy, urn } = finding;
  if (!FIXED_HERE.has(policy) || languageOf({ urn }) !== undefined) return finding;
  const { setting } = LANGUAGES[language];
  return withCode(finding, ({ kind, properties }) =>
    kind.startsWith("set") ? properties.map((property) => setting(property)) : undefined,
  );
}

function positionOf(file: string, { text, lineAt }: Source, { from }: Call): Position {
  return { file, line: lineAt(from), column: from - lineStart(text, from) + 1 };
}

function namedBy(urn: string): Named {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
