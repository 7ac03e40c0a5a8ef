import { expect } from "chai";
import fc from "fast-check";
import { testdata } from "../../testdata";
import { resource, urn } from "../resources";
import { parameters, SEED, TALLIES } from "../runs";
import { evaluate, type Found } from "../evaluate";
import { asYaml, GIVEN, SAMPLE } from "./model";

/* Templates as no one would write them. */
const TYPE = "aws:cloudformation/stack:Stack";

function found(templateBody: string): Found[] {
  return evaluate([resource(TYPE, { templateBody, parameters: GIVEN })]);
}

const { pieces, parts, keys, bombs, families } = testdata("nonsense.yaml") as Record<"pieces" | "keys", string[]> &
  Record<"bombs" | "families", Record<string, Text>> & { parts: unknown[] };

/** The open bucket, wherever the texts have blanks and quotes. */
const OPEN_IN_TEXT = /Open"?:\s*\{?\s*"?Type"?:\s*"AWS::S3::Bucket"/;
const TEXTS = [JSON.stringify(SAMPLE), JSON.stringify(SAMPLE, null, 2), asYaml(SAMPLE)];

const change = fc.record({
  kind: fc.constantFrom("insert", "insert", "delete", "repeat", "cut"),
  at: fc.nat(9999),
  length: fc.integer({ min: 1, max: 30 }),
  piece: fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, { kind, at, length, piece }: Change): string {
  const start = at % (text.length + 1);
  const [head, rest] = [text.slice(0, start), text.slice(start)];
  if (kind === "insert") return head + piece + rest;
  if (kind === "delete") return head + rest.slice(length % 4);
  if (kind === "repeat") return head + rest.slice(0, length) + rest;
  return rest.length % 20 === 0 ? head : head + rest.slice(length);
}

const graft = fc.record({
  way: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom("replace" as const, "remove", "wrap", "rename", "add"),
  value: fc.oneof(fc.constantFrom<unknown>(...parts, "x".repeat(99_999)), fc.jsonValue({ maxDepth: 2 })),
  key: fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 4 })),
});
type Graft = typeof graft extends fc.Arbitrary<infer T> ? T : never;

/** The tree with one part of it changed, some steps down. */
function grafted(node: unknown, { way, kind, value, key }: Graft): unknown {
  const [step = 0, ...further] = way;
  if (typeof node !== "object" || node === null) return value;
  const entries = Object.entries(node) as [string, unknown][];
  const at = step % (entries.length || 1);
  const next = entries.flatMap(([name, inner], index): [string, unknown][] => {
    const kept: [string, unknown][] = [[name, inner]];
    if (index !== at) return kept;
    if (further.length > 0) return [[name, grafted(inner, { way: further, kind, value, key })]];
    const changes: Record<Graft["kind"], [string, unknown][]> = {
      remove: [],
      wrap: [[name, { [key]: inner }]],
      rename: [[key, inner]],
      add: [...kept, [key, value]],
      replace: [[name, value]],
    };
    return changes[kind];
  });
  return Array.isArray(node) ? next.map(([, inner]) => inner) : Object.fromEntries(next);
}

const FLAGS = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/** Whether a resource is a bucket without a block that has all the flags, whatever AWS makes of them. */
function isOpen(node: unknown): boolean {
  const { Type, Condition, Properties } = (node ?? {}) as Record<string, unknown>;
  if (Type !== "AWS::S3::Bucket" || Condition !== undefined) return false;
  const block = ((Properties ?? {}) as Record<string, unknown>).PublicAccessBlockConfiguration ?? {};
  if (typeof block !== "object") return true;
  return Object.keys(block).every((key) => FLAGS.includes(key)) && Object.keys(block).length < FLAGS.length;
}

function hasOpenBucket(template: unknown): boolean {
  const { Resources } = (template ?? {}) as { Resources?: unknown };
  return typeof Resources === "object" && Resources !== null && Object.values(Resources).some(isOpen);
}

type Text = string | { repeat: string; every?: number; times?: number; by?: string } | readonly Text[];

/** A text of about so many characters. */
const textOf = (written: Text, length: number): string => {
  if (typeof written === "string") return written;
  if (!("repeat" in written)) return written.map((part) => textOf(part, length)).join("");
  const { repeat, every = 1, times = length / every, by = "" } = written;
  const copy = (at: number): string => repeat.replaceAll("@next", String(at + 1)).replaceAll("@", String(at));
  return Array.from({ length: times }, (_, at) => copy(at)).join(by);
};

describe(`A template that is nonsense (seed ${SEED}; FC_SEED=${SEED} replays it)`, () => {
  it("has a finding for its open bucket to begin with, and none for the locked one", () => {
    for (const text of TEXTS)
      expect(found(text).map(({ policy, level, urn: at }) => `${level} ${policy} ${at}`)).to.deep.equal([
        `mandatory s3-bucket-public-access-block ${urn("it", TYPE)}#/Resources/Open`,
      ]);
  });

  it("is never passed without a word while a bucket's type is in its text, in 500 changed texts", () => {
    const tally = { read: 0, kept: 0 };
    const changes = fc.array(change, { minLength: 1, maxLength: 3 });
    const property = fc.property(fc.constantFrom(...TEXTS), changes, (text, made) => {
      const body = made.reduce(changed, text);
      const all = found(body);
      if (!OPEN_IN_TEXT.test(body)) return;
      tally.kept += 1;
      if (all.some(({ urn: at }) => at.includes("#"))) tally.read += 1;
      expect(all, body).to.not.deep.equal([]);
    });
    fc.assert(property, parameters(500));
    if (!TALLIES) return;
    expect(tally.kept).to.be.above(250);
    expect(tally.read, "templates that could be read").to.be.above(75);
  });

  it("is never passed without a word while it has an open bucket, in 500 changed trees", () => {
    let open = 0;
    const grafts = fc.array(graft, { minLength: 1, maxLength: 3 });
    const property = fc.property(grafts, fc.boolean(), (made, isYaml) => {
      const tree = made.reduce<unknown>(grafted, SAMPLE);
      const isObject = typeof tree === "object" && tree !== null && !Array.isArray(tree);
      const all = found(isYaml && isObject ? asYaml(tree) : JSON.stringify(tree));
      if (!hasOpenBucket(tree)) return;
      open += 1;
      expect(all, JSON.stringify(tree)).to.not.deep.equal([]);
    });
    fc.assert(property, parameters(500));
    if (TALLIES) expect(open).to.be.above(200);
  });

  it("is never passed without a word, and never throws, where it is deep, long or made of itself", () => {
    for (const [kind, text] of Object.entries(bombs)) expect(found(textOf(text, 100_000)), kind).to.not.deep.equal([]);
  });

  /** Of three runs the shortest: what else runs here can only make them longer. */
  function microseconds(body: string): number {
    const runs = [0, 1, 2].map(() => {
      const before = process.cpuUsage();
      expect(found(body)).to.not.deep.equal([]);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return Math.min(...runs);
  }

  it("takes a time that grows with its length, whatever it is made of", () => {
    for (const [kind, text] of Object.entries(families)) {
      const ratio = microseconds(textOf(text, 200_000)) / Math.max(microseconds(textOf(text, 25_000)), 2_000);
      // Eight times as long: with the square of the length it would be sixty-four.
      expect(ratio, kind).to.be.below(24);
    }
  });
});
