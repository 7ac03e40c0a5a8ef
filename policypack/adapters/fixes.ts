import type { Resource } from "../engine/resource";
import { type Fix, fix, type Program, quoted } from "../findings/finding";
import SENTENCES from "../findings/sentences.json";
import { capitalized, snakeCase } from "../lib/case";
import { FLAGS, type Gap } from "../aws/flags";
import { groupBy } from "../lib/lists";
import { nameIn, typeIn } from "../lib/urn";
import { CLOUD_CONTROL, EXTENSION, isTemplate } from "./types";

/** A resource, as far as the language of its fix needs it. */
export type Place = Pick<Resource, "urn" | "isYaml">;

/** The same fixes in the language of the place that a resource comes from. */
interface Language {
  readonly name: (property: string) => string;
  /** The line that turns a flag on; undefined where the whole block is given, in place of the one that is there. */
  readonly on?: (flag: string) => string;
  readonly block: (urn: string, flags: readonly string[]) => readonly string[];
  /** The line that names the bucket in a block outside of it; undefined where a block belongs inside. */
  readonly bucket?: (urn: string) => string;
  /** The place for a block that is no resource of its own. */
  readonly into?: string;
}

const BLOCK = "PublicAccessBlockConfiguration";

/** A member of an object: what comes before it or after it needs a comma, which only the reader knows. */
function inJson(into: string): Language {
  const members = (flags: readonly string[]): string =>
    flags.map((flag) => `    "${capitalized(flag)}": true`).join(",\n");
  return { name: capitalized, block: (_, flags) => [`"${BLOCK}": {`, ...members(flags).split("\n"), "}"], into };
}

const YAML: Language = {
  name: capitalized,
  block: (_, flags) => [`${BLOCK}:`, ...flags.map((flag) => `  ${capitalized(flag)}: true`)],
  into: "Properties",
};

/** `module.site.aws_s3_bucket.this[0]` is `aws_s3_bucket.this[0]` in its module. */
const addressOf = (urn: string): string =>
  /aws_s3_bucket\..*/s.exec(nameIn(urn))?.[0] ?? `aws_s3_bucket.${nameIn(urn)}`;
const labelOf = (urn: string): string => /^aws_s3_bucket\.([\w-]+)/.exec(addressOf(urn))?.[1] ?? "this";

const on = (flag: string): string => `${snakeCase(flag)} = true`;
const bucket = (urn: string): string => `bucket = ${addressOf(urn)}.id`;

const TERRAFORM: Language = {
  name: snakeCase,
  on,
  bucket,
  block: (urn, flags) => [
    `resource "aws_s3_bucket_public_access_block" "${labelOf(urn)}" {`,
    ...[bucket(urn), ...flags.map(on)].map((line) => `  ${line}`),
    "}",
  ],
};

/** Undefined where it is Pulumi's. */
export function languageOf({ urn, isYaml }: Place): Language | undefined {
  const type = typeIn(urn);
  if (isTemplate(type)) return isYaml === true ? YAML : inJson("Properties");
  if (type === CLOUD_CONTROL) return inJson("desiredState");
  if (type === EXTENSION) return inJson("properties");
  return /^pulumi:terraform:|^[^:]+:tf:/.test(type) ? TERRAFORM : undefined;
}

type States = Record<Gap["state"], readonly [ofOne: string, ofSeveral: string]>;

const STATES = SENTENCES.gaps as unknown as States;

/** A property's name, as it is spelled where the resource comes from. */
export function named(place: Place, property: string, program?: Program): string {
  return languageOf(place)?.name(property) ?? program?.().name(property) ?? property;
}

function turnOnFix(kind: "set" | "set-or-leave-out", place: Place, gaps: readonly Gap[], program: Program): Fix {
  const language = languageOf(place);
  const on = language === undefined ? program().setting : language.on;
  const flags = gaps.map(({ flag }) => flag);
  // Where a single flag can't be given, the whole block is.
  const given = on === undefined ? FLAGS : flags;
  const code = on === undefined ? language?.block(place.urn, FLAGS) : flags.map((flag) => on(flag));
  return fix(kind, code ?? [], { it: quoted(place.urn) }, given);
}

/** The problems of a block's flags, one line per state, then the fix. */
export function gapLines(
  place: Place,
  gaps: readonly Gap[],
  program: Program,
  kind: "set" | "set-or-leave-out" = "set",
  states: Partial<States> = {},
): (string | Fix)[] {
  const wrong = [...groupBy(gaps, ({ state }) => state)].map(([state, some]) => {
    const flags = some.map(({ flag }) => named(place, flag, program));
    const [ofOne, ofSeveral] = states[state] ?? STATES[state];
    const others = flags.slice(0, -1).join(", ");
    return `  ${others === "" ? "" : `${others} and `}${flags.at(-1) ?? ""} ${others === "" ? ofOne : ofSeveral}`;
  });
  return [...wrong, turnOnFix(kind, place, gaps, program)];
}
