import { expect } from "chai";
import fc from "fast-check";
import type { Resource } from "../../../harness/engine/analyzer";
import { known, urn } from "../resources";
import { evaluate, type Found } from "./evaluate";
import { asYaml, SAMPLE } from "./render";

/*
 * Templates as no one would write them. FC_SEED and FC_PATH replay a run, FC_FACTOR makes it longer or shorter, as in
 * ../property.test.ts.
 */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const PATH = process.env.FC_PATH;
const FACTOR = Number(process.env.FC_FACTOR ?? 1);

function parameters(runs: number): { seed: number; numRuns: number; path?: string } {
  return { seed: SEED, numRuns: Math.ceil(runs * FACTOR), ...(PATH !== undefined && { path: PATH }) };
}

const STACK = "aws:cloudformation/stack:Stack";

function stack(templateBody: string): Resource {
  const props = { templateBody, parameters: { Off: "false" } };
  return { type: STACK, urn: urn("it", STACK), name: "it", props, provider: known };
}

const found = (body: string): Found[] => evaluate([stack(body)]);

/** What makes the open bucket, wherever the texts have blanks and quotes. */
const OPEN_IN_TEXT = /Open"?:\s*\{?\s*"?Type"?:\s*"AWS::S3::Bucket"/;
const TEXTS = [JSON.stringify(SAMPLE), JSON.stringify(SAMPLE, null, 2), asYaml(SAMPLE)];

/** Texts that mean something in JSON, in YAML or in a template. */
const PIECES = [
  ...Array.from("{}[]\"':,#|>!~0\n\r\t\\\u0000\ufeff💥"),
  ...[
    ": ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!binary ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "%TAG ! x\n",
    "<<: ",
    "  ",
  ],
  ...["!Ref ", "!Sub ", "!Foo ", "!Transform ", "${", "null", "AWS::NoValue", "__proto__"],
];

interface Change {
  readonly kind: "insert" | "delete" | "repeat" | "cut";
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("insert", "insert", "delete", "repeat", "cut"),
  at: fc.nat(9999),
  length: fc.integer({ min: 1, max: 30 }),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })),
});

function changed(text: string, { kind, at, length, piece }: Change): string {
  const start = at % (text.length + 1);
  const [head, rest] = [text.slice(0, start), text.slice(start)];
  if (kind === "insert") return head + piece + rest;
  if (kind === "delete") return head + rest.slice(length % 4);
  if (kind === "repeat") return head + rest.slice(0, length) + rest;
  return rest.length % 20 === 0 ? head : head + rest.slice(length);
}

const OTHERS = [
  ...[null, true, 0, "", "Open", "AWS::S3::Bucket", [], {}, [[]], { Ref: "On" }, { Ref: "AWS::NoValue" }],
  ...[
    { "Fn::If": ["IsOn", {}] },
    { "Fn::Sub": ["${a}", 1] },
    { "Fn::Transform": [] },
    { Type: "AWS::S3::Bucket" },
  ],
  ...[
    { "Fn::FindInMap": ["All", "Flags", "On"] },
    { "Fn::Join": [] },
    { Condition: "IsOn" },
    "x".repeat(99_999),
  ],
];
const KEYS = [
  ...["Type", "type", "Properties", "Resources", "Ref", "Fn::If", "Fn::ForEach::A", "__proto__", "<<", ""],
];

interface Graft {
  readonly way: readonly number[];
  readonly kind: "replace" | "remove" | "wrap" | "rename" | "add";
  readonly value: unknown;
  readonly key: string;
}
const graft: fc.Arbitrary<Graft> = fc.record({
  way: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom("replace", "remove", "wrap", "rename", "add"),
  value: fc.oneof(fc.constantFrom<unknown>(...OTHERS), fc.jsonValue({ maxDepth: 2 })),
  key: fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 4 })),
});

/** The tree with one part of it changed, some steps down. */
function grafted(node: unknown, { way, kind, value, key }: Graft): unknown {
  const [step = 0, ...further] = way;
  if (typeof node !== "object" || node === null) return value;
  const entries = Object.entries(node) as [string, unknown][];
  const at = step % (entries.length || 1);
  const next = entries.flatMap(([name, inner], index): [string, unknown][] => {
    if (index !== at) return [[name, inner]];
    if (further.length > 0) return [[name, grafted(inner, { way: further, kind, value, key })]];
    if (kind === "remove") return [];
    if (kind === "wrap") return [[name, { [key]: inner }]];
    if (kind === "rename") return [[key, inner]];
    return kind === "add"
      ? [
          [name, inner],
          [key, value],
        ]
      : [[name, value]];
  });
  return Array.isArray(node) ? next.map(([, inner]) => inner) : Object.fromEntries(next);
}

const FLAGS = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/** Whether a resource is a bucket without a block that has all the flags, whatever AWS makes of what is in it. */
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

describe(`A template that is nonsense (seed ${SEED}; FC_SEED=${SEED} replays it)`, () => {
  it("has a finding for its open bucket to begin with, and none for the locked one", () => {
    for (const text of TEXTS)
      expect(found(text).map(({ policy, level, urn: at }) => `${level} ${policy} ${at}`)).to.deep.equal([
        `mandatory s3-bucket-public-access-block ${stack("").urn}#/Resources/Open`,
      ]);
  });

  it("is never passed without a word while a bucket's type is in its text, in 500 changed texts", () => {
    const tally = { read: 0, kept: 0 };
    const property = fc.property(
      fc.constantFrom(...TEXTS),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (text, changes) => {
        const body = changes.reduce(changed, text);
        const all = found(body);
        if (!OPEN_IN_TEXT.test(body)) return;
        tally.kept += 1;
        if (all.some(({ urn: at }) => at.includes("#"))) tally.read += 1;
        expect(all, body).to.not.deep.equal([]);
      },
    );
    fc.assert(property, parameters(500));
    if (PATH !== undefined || FACTOR < 1) return;
    expect(tally.kept).to.be.above(250);
    expect(tally.read, "templates that could be read").to.be.above(75);
  });

  it("is never passed without a word while it has an open bucket, in 500 changed trees", () => {
    const tally = { open: 0 };
    const property = fc.property(
      fc.array(graft, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (grafts, isYaml) => {
        const tree = grafts.reduce<unknown>(grafted, SAMPLE);
        const isObject = typeof tree === "object" && tree !== null && !Array.isArray(tree);
        const all = found(isYaml && isObject ? asYaml(tree) : JSON.stringify(tree));
        if (!hasOpenBucket(tree)) return;
        tally.open += 1;
        expect(all, JSON.stringify(tree)).to.not.deep.equal([]);
      },
    );
    fc.assert(property, parameters(500));
    if (PATH === undefined && FACTOR >= 1) expect(tally.open).to.be.above(200);
  });

  const bucket = (id: string): string => `"${id}":{"Type":"AWS::S3::Bucket"}`;
  const around = (inner: string, rest = ""): string => `{${rest}"Resources":{${bucket("Open")}${inner}}}`;
  const times = (count: number, make: (at: number) => string, by = ","): string =>
    Array.from({ length: count }, (_, at) => make(at)).join(by);
  const OPEN = '"Resources":{"Open":{"Type":"AWS::S3::Bucket"}}';

  it("is never passed without a word, and never throws, where it is deep, long or made of itself", () => {
    const deep = 100_000;
    const bombs: [string, string][] = [
      ["lists", around(`,"A":${"[".repeat(deep)}${"]".repeat(deep)}`)],
      ["objects", around(`,"A":${'{"a":'.repeat(deep)}1${"}".repeat(deep)}`)],
      ["unclosed", `{${OPEN},${"[".repeat(deep)}`],
      ["YAML lists", `Resources:\n  Open: { Type: AWS::S3::Bucket }\nA:\n  ${"- ".repeat(5000)}1\n`],
      [
        "YAML flow",
        `Resources:\n  Open: { Type: AWS::S3::Bucket }\nA: ${"[".repeat(5000)}${"]".repeat(5000)}\n`,
      ],
      ["YAML keys", `${"? ".repeat(5000)}a\n${OPEN}`],
      [
        "aliases",
        `a: &a [x, x]\n${times(30, (at) => `b${at}: &b${at} [*${at === 0 ? "a" : `b${at - 1}`}, *a]`, "\n")}\nResources:\n  Open: { Type: AWS::S3::Bucket }\n`,
      ],
      ["an alias of itself", `Resources: &a\n  Open: { Type: AWS::S3::Bucket }\n  More: *a\n`],
      [
        "conditions",
        around(
          ',"A":{"Type":"AWS::S3::Bucket","Condition":"C0"}',
          `"Conditions":{${times(20_000, (at) => `"C${at}":{"Fn::Not":[{"Condition":"C${at + 1}"}]}`)}},`,
        ),
      ],
      ["a key", `{${OPEN},"${"k".repeat(deep)}":1}`],
    ];
    for (const [name, body] of bombs) expect(found(body), name).to.not.deep.equal([]);
  });

  describe("takes a time that grows with its length", () => {
    const long = (n: number): string => "x".repeat(n);
    const names = (n: number, value: (at: number) => string): string =>
      around(
        `,"A":{"Type":"AWS::S3::Bucket","Properties":{"BucketName":{"Fn::Join":["",[${times(n, value)}]]}}}`,
      );
    /** Of about so many characters. */
    const families: [string, (length: number) => string][] = [
      ["buckets", (n) => around(`,${times(n / 40, (at) => bucket(`B${at}`))}`)],
      [
        "buckets in YAML",
        (n) => `Resources:\n${times(n / 40, (at) => `  B${at}: { Type: AWS::S3::Bucket }`, "\n")}\n`,
      ],
      ["one long text", (n) => names(1, () => `"${long(n)}"`)],
      ["beginnings of names", (n) => names(1, () => `{"Fn::Sub":"${"${".repeat(n / 2)}"}`)],
      ["names", (n) => names(1, () => `{"Fn::Sub":"${"${AWS::Region}".repeat(n / 14)}"}`)],
      [
        "references to a long parameter",
        (n) =>
          `{"Parameters":{"P":{"Type":"CommaDelimitedList","Default":"${"a,".repeat(n / 4)}"}},` +
          names(n / 40, () => '{"Fn::Select":[0,{"Ref":"P"}]}').slice(1),
      ],
      [
        "look-ups of a long list",
        (n) =>
          `{"Mappings":{"A":{"B":{"C":[${times(n / 8, () => '"a"')}]}}},` +
          names(n / 80, () => '{"Fn::Select":[0,{"Fn::FindInMap":["A","B","C"]}]}').slice(1),
      ],
      ["unknown conditions", (n) => names(n / 30, () => '{"Fn::If":["No","a","b"]}')],
      [
        "conditions",
        (n) =>
          `{"Conditions":{${times(n / 80, (at) => `"C${at}":{"Fn::Not":[{"Condition":"C${at + 1}"}]}`)}},` +
          around(
            `,${times(n / 120, (at) => `"B${at}":{"Type":"AWS::S3::Bucket","Condition":"C${at}"}`)}`,
          ).slice(1),
      ],
      [
        "keys in YAML",
        (n) => `${OPEN.replace(/"/g, "").replace(/:/g, ": ")}\n${times(n / 12, (at) => `k${at}: v`, "\n")}\n`,
      ],
      [
        "comments",
        (n) => `# ${long(n / 2)}\n${"#\n".repeat(n / 4)}Resources: { A: { Type: AWS::S3::Bucket } }\n`,
      ],
      ["quotes", (n) => `Resources: { A: { Type: "AWS::S3::Bucket" } }\nA: '${"''".repeat(n / 2)}'\n`],
      ["backslashes", (n) => around(`,"A":"${"\\\\".repeat(n / 2)}"`)],
      ["blanks", (n) => `Resources:${" ".repeat(n)}\n  A: { Type: AWS::S3::Bucket }\n`],
    ];
    const TIMES = 8;

    /** The least of some runs: what else runs here can only make them longer. */
    function microseconds(body: string): number {
      const runs = [0, 1, 2].map(() => {
        const before = process.cpuUsage();
        expect(found(body)).to.not.deep.equal([]);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...runs);
    }

    for (const [name, make] of families) {
      it(`where it is made of ${name}`, () => {
        const short = microseconds(make(25_000));
        const ratio = microseconds(make(25_000 * TIMES)) / Math.max(short, 2_000);
        // Eight times as long: with the square of the length it would be sixty-four.
        expect(ratio).to.be.below(3 * TIMES);
      });
    }
  });
});
