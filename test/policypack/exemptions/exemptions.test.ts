import { expect } from "chai";
import { exemptionFor, matches } from "../../../policypack/exemptions/match";
import { readExemptions } from "../../../policypack/exemptions/read";

const SITE = "urn:pulumi:prod::website::web:Site$aws:s3/bucket:Bucket::site";

describe("The pattern of an exemption", () => {
  const matching = [
    SITE,
    "urn:pulumi:prod::website::**::site",
    "urn:pulumi:*::website::*::site",
    "urn:pulumi:prod::website::web:Site$*::site",
    "**::site",
    "**",
    "urn:**:Bucket::s*e",
    `${SITE}*`,
    `*${SITE}**`,
    "urn:pulumi:prod::website::***::site",
  ];
  for (const pattern of matching) {
    it(`${pattern} matches the site's bucket`, () => {
      expect(matches(pattern, SITE)).to.equal(true);
    });
  }

  const other = [
    "site",
    "*::site",
    "*",
    "",
    SITE.slice(0, -1),
    SITE.slice(1),
    `${SITE} `,
    SITE.toUpperCase(),
    "urn:pulumi:prod::*::site",
    "urn:pulumi:dev::website::**::site",
    "urn.pulumi:prod::website::**::site",
    "urn:pulumi:prod::website::**::(site)",
    "urn:pulumi:prod::website::**::sit.",
    "urn:pulumi:prod::website::**::site|**",
  ];
  for (const pattern of other) {
    it(`${JSON.stringify(pattern)} doesn't match the site's bucket`, () => {
      expect(matches(pattern, SITE)).to.equal(false);
    });
  }

  it("takes a name with parts of its own", () => {
    expect(matches("urn:pulumi:prod::website::*::a::b", "urn:pulumi:prod::website::t::a::b")).to.equal(true);
    expect(matches("urn:pulumi:prod::website::*::b", "urn:pulumi:prod::website::t::a::b")).to.equal(false);
    expect(matches("urn:pulumi:prod::website::**::b", "urn:pulumi:prod::website::t::a\n::b")).to.equal(true);
  });

  it("is matched in a moment, however it is made", () => {
    const start = Date.now();
    expect(matches("**a".repeat(12) + "!", "a".repeat(200))).to.equal(false);
    expect(Date.now() - start).to.be.lessThan(1000);
  });
});

describe("An exemption", () => {
  const exemption = { urn: SITE, reason: "static site", expires: "2027-03-31" };

  it("holds through its last day", () => {
    expect(exemptionFor([exemption], SITE, "2027-03-31")).to.deep.equal({ exemption, holds: true });
  });

  it("has run out on the day after", () => {
    expect(exemptionFor([exemption], SITE, "2027-04-01")).to.deep.equal({ exemption, holds: false });
  });

  it("holds for good without a last day", () => {
    const { urn, reason } = exemption;
    expect(exemptionFor([{ urn, reason }], SITE, "9999-12-31")?.holds).to.equal(true);
  });

  it("that holds beats one that has run out", () => {
    const renewed = { ...exemption, expires: "2028-03-31" };
    expect(exemptionFor([exemption, renewed], SITE, "2027-04-01")).to.deep.equal({
      exemption: renewed,
      holds: true,
    });
  });

  it("is for the URN that it names alone", () => {
    expect(exemptionFor([exemption], `${SITE}s`, "2027-01-01")).to.equal(undefined);
  });
});

describe("The option exemptions", () => {
  const good = { urn: SITE, reason: "static site" };

  it("may be left out, be empty, or be a list", () => {
    expect(readExemptions(undefined)).to.deep.equal({ exemptions: [], problems: [] });
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
    [[{ urn: SITE, reason: " " }], "exemptions[0].reason: missing; say why the resource is exempt"],
    [[{ urn: SITE, reason: 1 }], "exemptions[0].reason: missing; say why the resource is exempt"],
    [[{ reason: "r" }], "exemptions[0].urn: missing; give the URN of the resource, or a pattern"],
    [
      [{ ...good, until: "2027-01-01" }],
      "exemptions[0].until: unknown key; an exemption has urn, reason and expires",
    ],
    ...[
      "2027-02-30",
      "2027-02-29",
      "2027-13-01",
      "31.03.2027",
      "2027-3-31",
      "soon",
      "",
      null,
      20270331,
      "2027-03-31T00:00:00Z",
      "2027-03-311",
      "+002027-03-31",
      " 2027-03-31",
      ["2027-03-31"],
    ].map((expires): [unknown, string] => [
      [{ ...good, expires }],
      `exemptions[0].expires: ${JSON.stringify(expires)} is not a day in the form YYYY-MM-DD`,
    ]),
  ];
  for (const [value, problem] of malformed) {
    it(`is refused as a whole when it is ${JSON.stringify(value)}`, () => {
      expect(readExemptions(value)).to.deep.equal({ exemptions: [], problems: [problem] });
    });
  }
});
