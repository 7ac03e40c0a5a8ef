import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { UNKNOWN } from "../../../../policypack/lib/values";
import type { AttachedTo } from "../../../../policypack/policies/s3-no-public-bucket-policy/conditions";
import { evaluateDocument, type PolicyVerdict } from "../../../../policypack/policies/s3-no-public-bucket-policy/rule";
import { filledIn } from "../../cases";

type Statement = Record<string, unknown>;
type ByKind = Record<string, unknown[]>;

const FILE = join(__dirname, "../../../testdata/documents.yaml");
const { principals, conditions, values, wholeConditions, reasons, policies, listed, secrets } = filledIn(
  parse(readFileSync(FILE, "utf8"), { merge: true, maxAliasCount: -1 }),
  { unknown: UNKNOWN },
) as {
  principals: ByKind;
  conditions: Record<"keys" | "operators" | "otherKeys" | "otherOperators", string[]> & { openValues: unknown[] };
  values: Record<string, ByKind>;
  wholeConditions: ByKind;
  reasons: [condition: unknown, reason: string][];
  listed: { statement: unknown; sid?: string; reason?: string }[];
  secrets: [document: unknown, verdict: object][];
  policies: Record<"public" | "not-public", Record<string, unknown>> & Record<"unknown" | "unreadable", ByKind>;
};

const policy = (...statements: unknown[]): unknown => ({ Version: "2012-10-17", Statement: statements });
const allow = (change: Statement = {}): Statement => ({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/reader" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::the-data/*",
  ...change,
});
const toAnyone = (condition?: unknown): Statement => allow({ Principal: "*", Condition: condition });
const evaluate = (document: unknown, attachedTo: AttachedTo = "bucket"): PolicyVerdict =>
  evaluateDocument(document, attachedTo);
const kindOf = (...statements: unknown[]): string => evaluate(policy(...statements)).kind;
const under = (operator: string, key: string, value: unknown): string =>
  kindOf(toAnyone({ [operator]: { [key]: value } }));
/** A list is one of statements; anything else is the document. */
const documentOf = (written: unknown): unknown =>
  Array.isArray(written) ? policy(...(written as unknown[])) : written;

describe("A policy, by the table of documents", () => {
  it("is public, or not", () => {
    for (const kind of ["public", "not-public"] as const)
      for (const [title, written] of Object.entries(policies[kind]))
        expect(evaluate(documentOf(written)).kind, title).to.equal(kind);
  });

  it("is unknown, or unreadable, for a reason", () => {
    for (const kind of ["unknown", "unreadable"] as const)
      for (const [reason, list] of Object.entries(policies[kind]))
        for (const written of list) expect(evaluate(documentOf(written))).to.deep.equal({ kind, reason });
  });

  it("is what its principals make it", () => {
    for (const [kind, list] of Object.entries(principals))
      for (const principal of list)
        expect(kindOf(allow({ Principal: principal })), JSON.stringify(principal)).to.equal(kind);
  });

  it("can't be read where it isn't given, or is inherited", () => {
    expect(evaluate(undefined)).to.deep.equal({ kind: "unreadable", reason: "the policy is not a JSON object" });
    const inherited = Object.assign(Object.create({ Statement: toAnyone() }) as object, { Id: "x" });
    expect(evaluate(inherited)).to.deep.equal({ kind: "unreadable", reason: "the policy has no Statement" });
  });

  it("is public to everyone but those in NotPrincipal, and says so", () => {
    expect(evaluate(policy({ Effect: "Allow", NotPrincipal: UNKNOWN }))).to.deep.equal({
      kind: "public",
      statements: [{ index: 0, reason: "lets everyone in but those in NotPrincipal" }],
    });
  });
});

describe("A condition on everyone", () => {
  const { keys, operators, otherKeys, otherOperators, openValues } = conditions;
  const fixed = "arn:aws:s3:us-west-2:111122223333:accesspoint/the-point";

  it("pins it by these keys, in any case, to fixed values", () => {
    for (const key of keys) {
      for (const name of [key, key.toLowerCase(), key.toUpperCase()])
        for (const value of [fixed, [fixed], [fixed, "other"]])
          expect(under("StringEquals", name, value), name).to.equal("not-public");
      for (const open of openValues) {
        expect(under("StringEquals", key, open), JSON.stringify(open)).to.equal("public");
        expect(under("StringLike", key, [fixed, open]), JSON.stringify(open)).to.equal("public");
      }
    }
    for (const key of otherKeys) expect(under("StringEquals", key, "vpc-1"), key).to.equal("public");
  });

  it("pins it under these operators, in any case, and not where no value passes too", () => {
    for (const operator of operators) {
      for (const spelling of [operator, operator.toLowerCase(), operator.toUpperCase()]) {
        expect(under(spelling, "aws:SourceVpc", "vpc-1")).to.equal("not-public");
        expect(under(`ForAnyValue:${spelling}`, "aws:SourceVpc", "vpc-1")).to.equal("not-public");
      }
      for (const spelling of [
        ...[`${operator}IfExists`, `ForAllValues:${operator}`, `ForAnyValue:${operator}IfExists`, ` ${operator}`],
        ...[`ForAnyValue:ForAnyValue:${operator}`, `${operator.slice(0, 3)}ForAnyValue:${operator.slice(3)}`],
      ])
        expect(under(spelling, "aws:SourceVpc", "vpc-1"), spelling).to.equal("public");
    }
    for (const operator of otherOperators)
      expect(under(operator, "aws:SourceVpc", "vpc-1"), operator).to.equal("public");
  });

  it("pins it by values that are fixed", () => {
    for (const [name, byKind] of Object.entries(values)) {
      const [operator = "", key = ""] = name.split(" ");
      for (const [kind, list] of Object.entries(byKind))
        for (const value of list) expect(under(operator, key, value), `${name} ${String(value)}`).to.equal(kind);
    }
  });

  it("pins it by addresses beside others, in any case, and not where there may be none", () => {
    for (const [kind, list] of Object.entries(values["IpAddress aws:SourceIp"] ?? {}))
      for (const range of list) {
        expect(under("ipaddress", "AWS:sourceip", ["192.0.2.0/24", range])).to.equal(kind);
        expect(under("IpAddressIfExists", "aws:SourceIp", range)).to.equal("public");
      }
  });

  it("pins an access point's policy by the ARN of one access point, and of no more", () => {
    const by = (arn: unknown): string =>
      evaluate(policy(toAnyone({ ArnLike: { "s3:DataAccessPointArn": arn } })), "access point").kind;
    expect(by(fixed)).to.equal("not-public");
    for (const arn of Object.values(values["ArnLike s3:DataAccessPointArn"] ?? {}).flat())
      expect(by(arn), String(arn)).to.equal("public");
  });

  it("is pinned or not by the condition as a whole", () => {
    for (const [kind, list] of Object.entries(wholeConditions))
      for (const condition of list) expect(kindOf(toAnyone(condition)), JSON.stringify(condition)).to.equal(kind);
  });

  it("says what it lacks, and names three at most", () => {
    const intro = "lets everyone in, and no condition pins that to fixed values: ";
    for (const [condition, lack] of reasons) {
      expect(evaluate(policy(toAnyone(condition)))).to.deep.equal({
        kind: "public",
        statements: [{ index: 0, reason: intro + lack }],
      });
    }
  });
});

describe("A public policy's verdict", () => {
  it("lists every statement that is public, by its place, its Sid, and what is wrong with it", () => {
    expect(evaluate(policy(...listed.map(({ statement }) => statement)))).to.deep.equal({
      kind: "public",
      statements: listed.flatMap(({ sid, reason }, index) =>
        reason === undefined ? [] : [{ index, ...(sid !== undefined && { sid }), reason }],
      ),
    });
  });

  it("shows names on one line, shortened, without control sequences, and no values at all", () => {
    const shown = (Sid: string, condition?: unknown): unknown => {
      const verdict = evaluate(policy({ ...toAnyone(condition), Sid }));
      return verdict.kind === "public" && verdict.statements.map(({ sid, reason }) => [sid, reason]);
    };
    expect(shown("y".repeat(65), { ["é\u001b[31m\n" + "x".repeat(100)]: { secret: "hush" } })).to.deep.equal([
      [
        `${"y".repeat(64)}...`,
        `lets everyone in, and no condition pins that to fixed values: ??[31m?${"x".repeat(57)}... pins nothing`,
      ],
    ]);
    expect(shown("z".repeat(64))).to.deep.equal([["z".repeat(64), "lets everyone in, with no condition"]]);
  });
});

describe("A policy of any size", () => {
  it("may be nested very deep, and be very long", () => {
    const deep = `${'{"Statement":['.repeat(50_000)}${"]}".repeat(50_000)}`;
    expect(evaluate(deep).kind).to.equal("unreadable");
    const long = "*".repeat(5_000_000);
    expect(kindOf({ ...toAnyone({ StringLike: { "aws:SourceVpc": long } }), Sid: long })).to.equal("public");
    const text = JSON.stringify(policy(toAnyone({ StringEquals: { "aws:SourceArn": '\\"'.repeat(1_000_000) } })));
    expect(evaluate(text)).to.deep.equal({ kind: "not-public" });
    const many = policy(...Array.from({ length: 20_000 }, () => allow()), toAnyone());
    expect(evaluate(many)).to.deep.equal({
      kind: "public",
      statements: [{ index: 20_000, reason: "lets everyone in, with no condition" }],
    });
  });
});

it("The verdict on a policy that is a secret has the places of statements, and nothing that is in them", () => {
  for (const [document, verdict] of secrets)
    expect(evaluateDocument(documentOf(document), "bucket", true)).to.deep.equal(verdict);
});
