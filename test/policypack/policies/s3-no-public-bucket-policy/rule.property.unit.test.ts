import { expect } from "chai";
import fc from "fast-check";

import { UNKNOWN } from "../../../../policypack/lib/values";
import type { AttachedTo } from "../../../../policypack/policies/s3-no-public-bucket-policy/conditions";
import { evaluateDocument, type PolicyVerdict } from "../../../../policypack/policies/s3-no-public-bucket-policy/rule";
import { parameters } from "../../runs";

/** A place in a document that isn't known yet, with the best and the worst that may turn up there. */
class Hole {
  constructor(
    readonly best: unknown,
    readonly worst: unknown,
  ) {}
}

/** The document with each value, however deep, replaced. */
function mapped(value: unknown, change: (value: unknown) => unknown): unknown {
  const now = change(value);
  if (Array.isArray(now)) return now.map((each) => mapped(each, change));
  return now instanceof Hole ? now : changed(now, (_, each) => mapped(each, change));
}

const filled = (document: unknown, fill: (hole: Hole) => unknown): unknown =>
  mapped(document, (value) => (value instanceof Hole ? fill(value) : value));

/** The kind, and the Sids of the statements that are to blame; places may change with the order. */
function essence(verdict: PolicyVerdict): unknown {
  return verdict.kind === "public"
    ? { kind: verdict.kind, sids: verdict.statements.map(({ sid }) => sid).sort() }
    : { kind: verdict.kind };
}

const verdictOn = (list: unknown, to: AttachedTo): unknown => essence(evaluateDocument({ Statement: list }, to));
const isText = (value: unknown): boolean => typeof value === "string";
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const asList = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);

/** An object with each of its values replaced; anything else as it is. */
function changed(value: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(name, each)]));
}

const renamed = (value: object, change: (name: string) => string): unknown =>
  Object.fromEntries(Object.entries(value).map(([name, each]: [string, unknown]) => [change(name), each]));

const isViolation = (verdict: PolicyVerdict): boolean => verdict.kind === "public" || verdict.kind === "unreadable";

const VPC = ["vpc-1", "vpc-2", "vpc-*", "", "${aws:SourceVpc}"];
const RANGES = ["192.0.2.0/24", "2001:db8::/32", "203.0.113.7", "0.0.0.0/1", "2001::/16", "*"];
const values = (pool: string[], best: string): fc.Arbitrary<unknown> => {
  const one = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pool) }, fc.constant(new Hole(best, "*")));
  return fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
};
const textKeys = fc
  .uniqueArray(fc.constantFrom("aws:SourceVpc", "aws:PrincipalOrgID", "aws:userid", "s3:prefix"), { maxLength: 2 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, values(VPC, "vpc-1")]))));
const addressKeys = fc.record({ "aws:SourceIp": values(RANGES, "192.0.2.1") }, { requiredKeys: [] });
const orUnknown = (keys: fc.Arbitrary<unknown>, best: unknown): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: keys }, fc.constant(new Hole(best, {})));
const textOperator = orUnknown(textKeys, { "aws:SourceVpc": "vpc-1" });

const conditions = fc.record(
  {
    StringEquals: textOperator,
    StringLike: textOperator,
    "ForAnyValue:StringEquals": textOperator,
    "ForAllValues:StringEquals": textOperator,
    StringEqualsIfExists: textOperator,
    StringNotEquals: textOperator,
    IpAddress: orUnknown(addressKeys, { "aws:SourceIp": "192.0.2.1" }),
    NotIpAddress: addressKeys,
    Bool: fc.constant({ "aws:SecureTransport": true }),
  },
  { requiredKeys: [] },
);

const principals = fc.oneof(
  fc.constantFrom<unknown>("*", new Hole({ AWS: "111122223333" }, "*"), ["*"], { Federated: "accounts.google.com" }),
  fc.record({ AWS: values(["111122223333", "arn:aws:iam::111122223333:root", "*"], "111122223333") }),
  fc.record({ Service: values(["cloudtrail.amazonaws.com", "*"], "config.amazonaws.com") }),
);

const statement: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    Effect: fc.constantFrom<unknown>("Allow", "Allow", "Allow", "Deny", new Hole("Deny", "Allow")),
    Principal: principals,
    Action: fc.constantFrom("s3:GetObject", ["s3:*"]),
    Condition: orUnknown(conditions, { StringEquals: { "aws:SourceVpc": "vpc-1" } }),
  },
  { requiredKeys: ["Effect", "Principal", "Action"] },
);

const statements = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: statement },
      fc.constant(new Hole({ Effect: "Deny" }, { Effect: "Allow", Principal: "*" })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((each, index) => (each instanceof Hole ? each : { Sid: `S${index}`, ...each })));

/** Documents with places that aren't known; most of what is evaluated below is drawn from them. */
const documents = statements.map((list) => ({ Version: "2012-10-17", Statement: list }));
const attachedTo = fc.constantFrom<AttachedTo>("bucket", "access point");
const unknownAt = (document: unknown): unknown => filled(document, () => UNKNOWN);
const known = documents.map((document) => filled(document, ({ worst }) => worst));

const check = <T extends [unknown, ...unknown[]]>(
  ...args: [...arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }, predicate: (...args: T) => void]
): void => {
  const predicate = args.pop() as (...args: T) => void;
  const arbitraries = args as unknown as { [K in keyof T]: fc.Arbitrary<T[K]> };
  fc.assert(fc.property(...arbitraries, predicate), parameters(600));
};

const listed = (each: unknown) =>
  changed(each, (name, element) => {
    if (name === "Principal") return isText(element) ? [element] : changed(element, (_, value) => asList(value));
    if (name !== "Condition") return element;
    return changed(element, (_operator, keys) => changed(keys, (_key, value) => asList(value)));
  });
const inCase = (list: unknown, change: (name: string) => string) =>
  mapped(list, (value) => (isObject(value) ? renamed(value, change) : value));
const DENY = { Effect: "Deny", Principal: "*", Condition: { StringLike: { "aws:SourceVpc": "*" } } };

/** Changes of a list of statements, or of the only one, that mean nothing. */
const MEANINGLESS: Readonly<Record<string, (list: unknown[], place: number) => unknown>> = {
  "a Deny is added": (list, place) => list.toSpliced(place % (list.length + 1), 0, DENY),
  "the order is another": (list, place) => {
    const at = place % list.length;
    return [...list.slice(at), ...list.slice(0, at)].reverse();
  },
  "a single one is not in a list": (list) => (list.length === 1 ? list[0] : list),
  "a single value is in a list": (list) => list.map(listed),
  "names are in upper case": (list) => inCase(list, (name) => name.toUpperCase()),
  "names are in lower case": (list) => inCase(list, (name) => name.toLowerCase()),
};

describe("The verdict on any policy", () => {
  it("stays the same where a change of the statements means nothing", () => {
    check(statements, attachedTo, fc.nat(), (list, to, place) => {
      const before = unknownAt(list) as unknown[];
      for (const [title, change] of Object.entries(MEANINGLESS))
        expect(verdictOn(change(before, place), to), title).to.deep.equal(verdictOn(before, to));
    });
  });

  it("is the same for the text and for what it says", () => {
    const any = fc.oneof(known, fc.jsonValue(), policyLike);
    check(any, attachedTo, (document, to) => {
      fc.pre(typeof document !== "string");
      const text = JSON.stringify(document);
      const parsed = JSON.parse(text) as unknown;
      expect(evaluateDocument(text, to)).to.deep.equal(evaluateDocument(parsed, to));
      expect(evaluateDocument(JSON.stringify(document, null, 2), to)).to.deep.equal(evaluateDocument(parsed, to));
    });
  });

  it("is unknown exactly where what isn't known yet decides", () => {
    const seen = new Set<string>();
    check(documents, attachedTo, (document, to) => {
      const verdict = evaluateDocument(unknownAt(document), to);
      const [best, worst] = (["best", "worst"] as const).map((way) =>
        isViolation(
          evaluateDocument(
            filled(document, (hole) => hole[way]),
            to,
          ),
        ),
      );
      const expected = verdict.kind === "unknown" ? [false, true] : [isViolation(verdict), isViolation(verdict)];
      expect([best, worst]).to.deep.equal(expected);
      seen.add(verdict.kind);
    });
    expect([...seen].sort()).to.include.members(["not-public", "public", "unknown"]);
  });

  it("is given for anything at all", () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
    const any = fc.oneof(anything, fc.string({ unit: "binary" }), fc.json(), policyLike, fc.constant(Symbol("other")));
    const kinds = ["not-public", "public", "unknown", "unreadable"];
    check(any, attachedTo, (document, to) => {
      for (const each of [document, { Statement: document }, { Statement: { Effect: "Allow", Principal: document } }]) {
        expect(kinds).to.include(evaluateDocument(each, to).kind);
      }
    });
    expect(Object.keys(Object.prototype)).to.deep.equal([]);
  });
});

const WORDS = ["Statement", "statement", "Effect", "Principal", "NotPrincipal", "Condition", "Sid", "AWS", "Federated"];
const MORE = ["StringEquals", "IpAddress", "aws:SourceVpc", "aws:SourceIp", "__proto__", "constructor", ""];

/** Objects made of IAM's words in the wrong places. */
const policyLike = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "large" },
    fc.constantFrom<unknown>("*", "Allow", "Deny", "vpc-1", "192.0.2.0/24", null, 1, true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...WORDS, ...MORE), tie("value")), {
        selector: ([key]) => key,
        maxLength: 5,
      })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;
