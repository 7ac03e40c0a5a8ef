import { expect } from "chai";
import fc from "fast-check";
import { exemptionFor, matches } from "../../../policypack/exemptions/match";
import { type Exemption, readExemptions } from "../../../policypack/exemptions/options";
import { brokenBy, problemsOfRules } from "../../../policypack/exemptions/rules";
import { parameters } from "../runs";
import { testdata } from "../../testdata";

const {
  patterns: PATTERNS,
  reasons: REASONS,
  invisible: INVISIBLE,
  notDays: NOT_DAYS,
  refused: REFUSED,
  rules: RULES,
  brokenRules: BROKEN_RULES,
} = testdata("exemptions.yaml") as {
  patterns: Record<string, Record<"match" | "others", string[]>>;
  reasons: string[];
  invisible: unknown[];
  notDays: unknown[];
  refused: Record<string, unknown[]>;
  rules: { rules: object; kept: Exemption[]; broken: Record<string, Exemption[]> }[];
  brokenRules: Record<string, unknown[]>;
};
const SITE = "urn:pulumi:prod::website::web:Site$aws:s3/bucket:Bucket::site";

describe("The pattern of an exemption", () => {
  it("matches as a whole, a part or anything, and nothing by what only looks like it", () => {
    for (const [urn, { match, others }] of Object.entries(PATTERNS)) {
      expect([...match, ...others].filter((pattern) => matches(pattern, urn))).to.deep.equal(match);
    }
  });

  it("matches what a regular expression for it matches", () => {
    const parts = fc.constantFrom("a", "b", "::", ":", "*", "**");
    const text = fc.array(fc.constantFrom("a", "b", "::", ":"), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), text, (tokens, pieces) => {
        const [pattern, urn] = [tokens.join(""), pieces.join("")];
        const source = pattern.replace(/\*+/g, (stars) => (stars.length > 1 ? ".*" : "(?:(?!::).)*"));
        expect(matches(pattern, urn), `${pattern} on ${urn}`).to.equal(new RegExp(`^${source}$`).test(urn));
      }),
      parameters(1000),
    );
  });

  it("is matched in a moment, however it is made", () => {
    const start = Date.now();
    expect(matches("**a".repeat(12) + "!", "a".repeat(200))).to.equal(false);
    expect(Date.now() - start).to.be.lessThan(1000);
  });
});

describe("A long list of exemptions", () => {
  /** Exemptions that count how often anything is read of them. */
  function counted(urns: string[]) {
    const counts = { reads: 0 };
    const get = (of: Exemption, key: keyof Exemption) => ((counts.reads += 1), of[key]);
    const exemptions = urns.map((urn) => new Proxy({ urn, reason: "reviewed", expires: "2027-01-01" }, { get }));
    return { exemptions, counts };
  }
  const bucket = (at: number) => `urn:pulumi:prod::website::aws:s3/bucket:Bucket::b${at}`;

  it("is read once, and then looked up, however many resources there are", () => {
    const { exemptions, counts } = counted(Array.from({ length: 10_000 }, (_, at) => bucket(at)));
    for (let at = 0; at < 20_000; at++) {
      expect(exemptionFor(exemptions, bucket(at), "2027-01-01")?.holds).to.equal(at < 10_000 ? true : undefined);
    }
    // The URN of each when the list is prepared; and of each that is found, its last day and the rule that it breaks.
    expect(counts.reads).to.equal(30_000);
  });

  it("of patterns has each taken apart once", () => {
    const urns = Array.from({ length: 1000 }, (_, at) => `urn:pulumi:prod::website::**::b${at}`);
    const { exemptions, counts } = counted(urns);
    for (let at = 0; at < 1000; at++) exemptionFor(exemptions, bucket(at), "2027-01-01");
    expect(counts.reads).to.equal(3000);
  });
});

describe("An exemption", () => {
  const [pattern, exact] = [
    { urn: "**", reason: "a" },
    { urn: SITE, reason: "b" },
  ];
  const ending = { urn: SITE, reason: "static site", expires: "2027-03-31" };
  const renewed = { ...ending, expires: "2028-03-31" };

  it("is for the URN that it names: the first of those that hold, through the last day, else the first", () => {
    const found = (list: Exemption[], today: string, urn = SITE) => exemptionFor(list, urn, today);
    expect(found([pattern, exact], "9999-12-31")).to.deep.equal({ exemption: pattern, holds: true });
    expect(found([exact, pattern], "9999-12-31")).to.deep.equal({ exemption: exact, holds: true });
    expect(found([ending], "2027-03-31")).to.deep.equal({ exemption: ending, holds: true });
    expect(found([ending], "2027-04-01")).to.deep.equal({ exemption: ending, holds: false });
    expect(found([ending, renewed], "2027-04-01")).to.deep.equal({ exemption: renewed, holds: true });
    expect(found([ending], "2027-01-01", `${SITE}s`)).to.equal(undefined);
  });
});

describe("The option exemptions", () => {
  const good = { urn: SITE, reason: "static site" };

  it("may be left out, be empty, or be a list", () => {
    expect(readExemptions(undefined)).to.deep.equal({ exemptions: [], problems: [] });
    for (const reason of REASONS) expect(readExemptions([{ urn: SITE, reason }]).problems).to.deep.equal([]);
    expect(readExemptions([])).to.deep.equal({ exemptions: [], problems: [] });
    expect(readExemptions([good, { ...good, expires: "2028-02-29" }])).to.deep.equal({
      exemptions: [good, { ...good, expires: "2028-02-29" }],
      problems: [],
    });
  });

  it("is refused as a whole when any of it is malformed", () => {
    for (const [problem, values] of Object.entries(REFUSED))
      for (const exemptions of values)
        expect(readExemptions(exemptions)).to.deep.equal({ exemptions: [], problems: [problem] });
    for (const reason of INVISIBLE)
      expect(readExemptions([{ urn: SITE, reason }]).problems, JSON.stringify(reason)).to.deep.equal([
        "exemptions[0].reason: missing; say why the resource is exempt",
      ]);
    for (const key of ["since", "expires"])
      for (const day of NOT_DAYS)
        expect(readExemptions([{ ...good, [key]: day }]).problems).to.deep.equal([
          `exemptions[0].${key}: ${JSON.stringify(day)} is not a day in the form YYYY-MM-DD`,
        ]);
  });
});

describe("The rules for exemptions", () => {
  const { now } = Date;
  before(() => (Date.now = () => Date.parse("2026-11-30")));
  after(() => (Date.now = now));

  const why = (exemption: Exemption, rules: unknown) => {
    const broken = brokenBy(exemption, rules, "2026-11-30");
    return broken && `${broken.rule}: ${broken.why}`;
  };

  it("are kept or broken as the table says, and one that breaks them doesn't hold", () => {
    for (const { rules, kept, broken } of RULES) {
      for (const each of kept) expect(why(each, rules), JSON.stringify([rules, each])).to.equal(undefined);
      for (const [reason, some] of Object.entries(broken))
        for (const each of some) {
          expect(why(each, rules), JSON.stringify([rules, each])).to.equal(reason);
          const [read] = readExemptions([each], rules).exemptions;
          expect(exemptionFor([read ?? each], each.urn, "2000-01-01")?.holds).to.equal(false);
        }
    }
  });

  it("are refused by name where they have a mistake", () => {
    for (const [problem, some] of Object.entries(BROKEN_RULES))
      for (const rules of some) expect(problemsOfRules(rules)).to.deep.equal([problem]);
  });
});
