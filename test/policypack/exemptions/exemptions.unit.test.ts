import { expect } from "chai";
import fc from "fast-check";
import { exemptionFor, matches } from "../../../policypack/exemptions/match";
import { type Exemption, readExemptions } from "../../../policypack/exemptions/options";

const SITE = "urn:pulumi:prod::website::web:Site$aws:s3/bucket:Bucket::site";

describe("The pattern of an exemption", () => {
  const URNS: Record<string, boolean> = {
    ...{
      [SITE]: true,
      [`${SITE}*`]: true,
      [`*${SITE}**`]: true,
      "urn:**:Bucket::s*e": true,
      "**::site": true,
      "**": true,
    },
    ...{ "urn:pulumi:prod::website::**::site": true, "urn:pulumi:prod::website::***::site": true },
    ...{ "urn:pulumi:*::website::*::site": true, "urn:pulumi:prod::website::web:Site$*::site": true },
    ...{ site: false, "*::site": false, "*": false, "": false, [`${SITE} `]: false, [SITE.toUpperCase()]: false },
    ...{ [SITE.slice(0, -1)]: false, [SITE.slice(1)]: false, "urn:pulumi:prod::*::site": false },
    ...{ "urn:pulumi:dev::website::**::site": false, "urn.pulumi:prod::website::**::site": false },
    ...{ "urn:pulumi:prod::website::**::(site)": false, "urn:pulumi:prod::website::**::sit.": false },
    "urn:pulumi:prod::website::**::site|**": false,
  };
  it("matches as a whole, a part or anything, and nothing by what only looks like it", () => {
    expect(Object.fromEntries(Object.keys(URNS).map((pattern) => [pattern, matches(pattern, SITE)]))).to.deep.equal(
      URNS,
    );
  });

  it("takes a name with parts of its own", () => {
    expect(matches("urn:pulumi:prod::website::*::a::b", "urn:pulumi:prod::website::t::a::b")).to.equal(true);
    expect(matches("urn:pulumi:prod::website::*::b", "urn:pulumi:prod::website::t::a::b")).to.equal(false);
    expect(matches("urn:pulumi:prod::website::**::b", "urn:pulumi:prod::website::t::a\n::b")).to.equal(true);
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
      { numRuns: 3000 },
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
    // The URN of each when the list is prepared; and of each that is found, its last day.
    expect(counts.reads).to.equal(20_000);
  });

  it("of patterns has each taken apart once", () => {
    const urns = Array.from({ length: 1000 }, (_, at) => `urn:pulumi:prod::website::**::b${at}`);
    const { exemptions, counts } = counted(urns);
    for (let at = 0; at < 1000; at++) exemptionFor(exemptions, bucket(at), "2027-01-01");
    expect(counts.reads).to.equal(2000);
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

/** No one sees any of it, though much of it is neither a space nor a control. */
const INVISIBLE = [
  ...["\u200b", "\u2060\ufeff", "\u00ad", "\u034f", "\u115f\u1160", "\u3164", "\uffa0", "\u2800", "\u180e"],
  ...["\ufe0f", "\u{e0041}", "\u202e", "\u2028", "\u3000\u00a0", "\0\u001b", "\ud800", "\ue000", "\u0301", "\u17b4"],
];

describe("The option exemptions", () => {
  const good = { urn: SITE, reason: "static site" };

  it("may be left out, be empty, or be a list", () => {
    expect(readExemptions(undefined)).to.deep.equal({ exemptions: [], problems: [] });
    for (const reason of ["理由", "سبب", "—", "7", "a\u200bb", "👩‍💻"]) {
      expect(readExemptions([{ urn: SITE, reason }]).problems).to.deep.equal([]);
    }
    expect(readExemptions([])).to.deep.equal({ exemptions: [], problems: [] });
    expect(readExemptions([good, { ...good, expires: "2028-02-29" }])).to.deep.equal({
      exemptions: [good, { ...good, expires: "2028-02-29" }],
      problems: [],
    });
  });

  const malformed: [unknown, string][] = [
    [null, "exemptions: not a list"],
    [good, "exemptions: not a list"],
    [["**"], "exemptions[0]: not an object"],
    [[null], "exemptions[0]: not an object"],
    [[[good]], "exemptions[0]: not an object"],
    [[good, { urn: SITE }], "exemptions[1].reason: missing; say why the resource is exempt"],
    ...[" ", 1, ...INVISIBLE].map((reason): [unknown, string] => [
      [{ urn: SITE, reason }],
      "exemptions[0].reason: missing; say why the resource is exempt",
    ]),
    [[{ reason: "r" }], "exemptions[0].urn: missing; give the URN of the resource, or a pattern"],
    [[{ ...good, until: "2027-01-01" }], "exemptions[0].until: unknown key; an exemption has urn, reason and expires"],
    ...[
      ...["2027-02-30", "2027-02-29", "2027-13-01", "31.03.2027", "2027-3-31", "soon", ""],
      ...[null, 20270331, "2027-03-31T00:00:00Z", "2027-03-311", "+002027-03-31", " 2027-03-31", ["2027-03-31"]],
    ].map((expires): [unknown, string] => [
      [{ ...good, expires }],
      `exemptions[0].expires: ${JSON.stringify(expires)} is not a day in the form YYYY-MM-DD`,
    ]),
  ];
  it("is refused as a whole when any of it is malformed", () => {
    for (const [value, problem] of malformed)
      expect(readExemptions(value)).to.deep.equal({ exemptions: [], problems: [problem] });
  });
});
