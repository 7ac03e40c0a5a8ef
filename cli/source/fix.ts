import type { SyntaxNode } from "@lezer/common";
import { LANGUAGES } from "../../policypack/face";
import type { Given, SourceFix } from "./edit";
import { argumentsOf } from "./entries";
import { inNamesOf, NO_SDK } from "./maker";
import { newBlock, type Others } from "./new-block";
import { children, faultsBelow } from "./nodes";
import type { Call, Source } from "./syntax";
import { privateAcl, type Wanted } from "./target";
import { type Declared, newBlockInYaml, propertiesOf } from "./yaml";

/*
 * The change that fixes a bucket or a block where the program makes it, in the program's own names. Where it isn't plain how to
 * write it, there is none: a change that doesn't compile is worse than a snippet to adapt.
 */

/** A call in a source, or a declaration in YAML. */
export type Code = { readonly source: Source; readonly call: Call } | { readonly declared: Declared };

/** Further facts about the program's resources. */
interface Known extends Others {
  /** All properties that any finding wants of the resource, so that all have the same edit. */
  readonly properties: readonly string[];
}

export function fix(code: Code, { kind, properties }: Wanted, known: Known): SourceFix | undefined {
  if ("declared" in code) {
    const { declared } = code;
    if (kind === "block") return newBlockInYaml(declared, properties);
    const given = propertiesOf(declared);
    return kind === "private" ? madePrivate(given) : switchedOn(given, "yaml", known, properties, "true");
  }
  const { source, call } = code;
  if (isBroken(call.node)) return undefined;
  if (kind === "block") return newBlock(source, call, properties, known);
  const given = argumentsOf(call, source);
  if (kind === "private") return madePrivate(given);
  const [truth] = inNamesOf(source, call, [LANGUAGES[source.grammar].truth]) ?? [];
  return switchedOn(given, source.grammar, known, properties, truth);
}

/** Whether the grammar couldn't make sense of the call, or of its neighbors. */
function isBroken(node: SyntaxNode): boolean {
  const neighbors = node.parent === null ? [] : children(node.parent);
  return faultsBelow(node) > 0 || neighbors.some(({ type }) => type.isError);
}

/** Properties set to true, or added; a person is shown some of them. Without an SDK the file has no name for true. */
function switchedOn(
  given: Given | undefined,
  language: keyof typeof LANGUAGES,
  { properties }: Known,
  shown: readonly string[],
  truth: string | undefined,
): SourceFix {
  const { setting, name } = LANGUAGES[language];
  const lines = shown.map((property) => setting(property));
  if (truth === undefined) return { lines, groups: [], why: NO_SDK };
  if (given === undefined) return { lines, groups: [], why: "its arguments are computed" };
  const changes = given.withValues(new Map(properties.map((property) => [name(property), truth])));
  return { lines, groups: changes === undefined ? [] : [changes] };
}

function madePrivate(given: Given | undefined): SourceFix | undefined {
  const [key, value] = [...(given?.values ?? [])].find(([each]) => each.toLowerCase() === "acl") ?? [];
  const acl = value === undefined ? undefined : privateAcl(value);
  if (given === undefined || key === undefined || acl === undefined) return undefined;
  const changes = given.withValues(new Map([[key, acl]]));
  return changes && { lines: [acl], groups: [changes] };
}
