import type { Step } from "../gate/output";
import { withCode, withComponent } from "../report/message";
import { sorted } from "../report/groups";
import type { Position, Roots } from "../report/position";
import type { Finding, Report, Subject } from "../report/report";
import { FLAGS, type LanguageName, languageOf, LANGUAGES, nameIn, quoted, typeIn } from "../../policypack/face";
import { toEdit } from "./edit";
import { takenIn } from "./find";
import { type Code, fix } from "./fix";
import { textOf } from "./nodes";
import { namedBy, Places } from "./places";
import { grammarOf } from "./syntax";
import { isFixedHere, publicSites, type Target, targetOf } from "./target";

export { faultsIn } from "./syntax";

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

class Program {
  readonly #steps: ReadonlyMap<string, Step>;
  readonly #places: Places;
  readonly #taken: ReturnType<typeof takenIn>;
  readonly #targets: ReadonlyMap<Finding, Target>;
  /** Why targets are left to a person that look public on purpose. */
  readonly #sites: ReadonlyMap<Target, string | undefined>;

  constructor(steps: readonly Step[], roots: Roots, findings: readonly Finding[]) {
    this.#steps = new Map(steps.filter(({ after }) => after !== undefined).map((step) => [step.urn, step]));
    const made = [...this.#steps.values()];
    this.#places = new Places(this.#steps, roots);
    this.#taken = takenIn([...this.#steps.keys()].map(namedBy));
    this.#targets = new Map(
      findings.flatMap((finding) => {
        const target = finding.placedAt === undefined ? targetOf(finding, made) : undefined;
        return target === undefined ? [] : [[finding, target]];
      }),
    );
    const siteOf = publicSites(findings, made, (urn) => this.#sourceOf(urn));
    this.#sites = new Map([...this.#targets.values()].map((target) => [target, siteOf(target)]));
  }

  /** The call that makes a resource; its whole file, if a policy comes from elsewhere in there. */
  #sourceOf(urn: string): string {
    const code = this.#places.made(urn)?.code;
    if (code === undefined || "declared" in code) return code?.declared.text ?? "";
    const own = textOf(code.call.node, code.source.text);
    return own.includes("Effect") ? own : code.source.text;
  }

  /** The subject where its resource is made. A position that the source denies is taken away. */
  placed<T extends Subject>(subject: T): T {
    const urn = subject.placedAt ?? subject.urn;
    if (!this.#steps.has(urn)) return subject;
    const position = this.#positionOf(urn);
    const others = Object.entries(subject).filter(([key]) => key !== "position");
    const unplaced = Object.fromEntries(others) as unknown as T;
    return position === undefined ? unplaced : { ...unplaced, position };
  }

  /** Of what is made in a package that no frame is of, where its component is made. */
  #positionOf(urn: string): Position | undefined {
    const parent = this.#componentOf(urn);
    return this.#places.made(urn)?.position ?? (parent && this.#positionOf(parent.urn));
  }

  /** The component that the resource is in. */
  #componentOf(urn: string): Step | undefined {
    const parent = this.#steps.get(this.#steps.get(urn)?.after?.parent ?? "");
    // Only a component has no provider, and only the stack has no parent.
    return parent?.after?.provider === "" && parent.after.parent !== "" ? parent : undefined;
  }

  improved(finding: Finding): Finding {
    const target = this.#targets.get(finding);
    const placed = this.placed(finding);
    const tried = finding.placedAt === undefined ? this.#fixed(placed, target) : placed;
    const fixed = tried.edits === undefined ? { byHand: this.#byHand(target), ...tried } : tried;
    const component = this.#component(placed);
    return component === undefined ? fixed : withComponent(fixed, ...component);
  }

  #fixed(finding: Finding, target: Target | undefined): Finding {
    const { code, position } = this.#places.made(target?.urn ?? finding.urn) ?? {};
    if (code === undefined) return finding;
    if (target === undefined) return respelled(finding, "call" in code ? code.source.grammar : "yaml");
    const isTaken = "call" in code ? this.#taken(code.source, code.call) : () => false;
    const alike = this.#targetsOf(code);
    const wanted = alike.flatMap(({ wanted: { kind, properties } }) => (kind === "properties" ? properties : []));
    const properties = [...FLAGS, "skipDestroy"].filter((each) => wanted.includes(each));
    const names = alike.map(({ urn }) => nameIn(urn));
    const change = fix(code, target.wanted, { isTaken, names, properties });
    if (change === undefined) return finding;
    const { lines, groups, why, hasPlaceholder } = change;
    const file = position?.file ?? "";
    const { text } = "call" in code ? code.source : code.declared;
    const edits = groups.filter(({ length }) => length > 0).map((group) => toEdit(file, text, group));
    // The text on an ACL fits as it is.
    const reworded =
      target.wanted.kind === "private"
        ? finding
        : withCode(finding, () => (lines.length > 0 ? lines : undefined), hasPlaceholder);
    const [site] = alike.flatMap((each) => this.#sites.get(each) ?? []);
    if (site !== undefined) return { ...reworded, byHand: site };
    if (edits.length > 0) return { ...reworded, edits };
    return why === undefined ? reworded : { ...reworded, byHand: `${file}: ${why}` };
  }

  /** The targets that the code makes, such as those of a loop: a change of it changes them all. */
  #targetsOf(code: Code): Target[] {
    return [...this.#targets.values()].filter(({ urn }) => {
      const other = this.#places.made(urn)?.code;
      return other !== undefined && makerOf(other) === makerOf(code);
    });
  }

  /** Why a finding has no edits. */
  #byHand(target: Target | undefined): string {
    if (target === undefined) return "the fix needs a decision";
    const made = this.#places.made(target.urn);
    const component = this.#componentOf(target.urn);
    if (made?.code === undefined && component !== undefined && PACKAGES.test(typeIn(component.urn)))
      return `the package of ${typeIn(component.urn)} makes it: "Buckets that packages make" in docs/recipes.md has the way out`;
    if (made === undefined) return "the program's source doesn't show where its resource is made";
    const { code, position } = made;
    if (code !== undefined) return `the code that creates it in ${position.file} is too dynamic to be rewritten`;
    return grammarOf(position.file) === undefined
      ? `${position.file} is in a language that isn't read here`
      : `a library or a class makes its resource, not ${position.file} itself`;
  }

  /** Which component the resource is in, and where that is made. */
  #component({ urn, placedAt, position }: Subject): [what: string, where: string] | undefined {
    const parent = this.#componentOf(urn) ?? this.#componentOf(placedAt ?? "");
    if (parent === undefined) return undefined;
    const what = `Made inside ${typeIn(parent.urn)} ${quoted(parent.urn)}`;
    const made = this.#positionOf(parent.urn);
    if (made === undefined) return [what, "."];
    const isHere = made.file === position?.file && made.line === position.line;
    return [what, isHere ? ", which this line makes." : ` at ${made.file}:${made.line}.`];
  }
}

/** The packages of the recipes, by the types of their components. */
const PACKAGES = /^(awsx|pulumi-aws-static-website|sst):/;

const makerOf = (code: Code): unknown => ("call" in code ? code.call : code.declared);

/** Settings of a block that isn't the finding's own resource, as the program's language spells them. */
function respelled(finding: Finding, language: LanguageName): Finding {
  const { policy, urn } = finding;
  if (!isFixedHere(policy) || languageOf({ urn }) !== undefined) return finding;
  const { setting } = LANGUAGES[language];
  return withCode(finding, ({ kind, properties }) =>
    kind.startsWith("set") ? properties.map((property) => setting(property)) : undefined,
  );
}
