import { expect } from "chai";
import { remarksOn, type Run } from "../../../policypack/exemptions/remarks";
import type { Exemption } from "../../../policypack/exemptions/options";

const STACK = "urn:pulumi:prod::website::";
const SITE = `${STACK}aws:s3/bucket:Bucket::site`;
const LOGS = `${STACK}aws:s3/bucket:Bucket::logs`;

const of = (urn: string, expires?: string): Exemption => ({
  ...{ urn, reason: "reviewed" },
  ...(expires !== undefined && { expires }),
});

/** The remarks in a run in which the policy saw two buckets, and a finding fell under each of the exemptions that is used. */
const remarks = (exemptions: Exemption[], run: Partial<Omit<Run, "used">> & { used?: Exemption[] } = {}) =>
  remarksOn(exemptions, {
    ...{ today: "2027-03-01", stack: STACK, urns: [SITE, LOGS], ...run },
    used: new Set(run.used ?? exemptions),
  });

describe("The remarks on exemptions", () => {
  it("are none on those that do what they are for", () => {
    const patterns = [SITE, `${STACK}**::site`, "urn:pulumi:*::website::**::site", "**::site", "urn:**:site"];
    expect(remarks(patterns.map((urn) => of(urn)))).to.deep.equal([]);
    expect(remarks([of(SITE, "2027-12-31")])).to.deep.equal([]);
  });

  it("name what isn't a URN, and the one that may be meant", () => {
    expect(remarks([of("site"), of("my-bucket"), of("my-*"), of("urn:pulumi:prod::site")])).to.deep.equal([
      `exemptions[0].urn: "site" isn't a URN; did you mean "${SITE}"?`,
      ...["my-bucket", "my-*", "urn:pulumi:prod::site"].map(
        (urn, at) =>
          `exemptions[${at + 1}].urn: "${urn}" isn't a URN, and exempts nothing; a URN looks like ` +
          "urn:pulumi:dev::project::aws:s3/bucket:Bucket::bucket",
      ),
    ]);
  });

  it("name a pattern that exempts everything", () => {
    for (const urn of ["**", "***", "urn:pulumi:**", "urn:pulumi:*::*::*::*", "**::**"])
      expect(remarks([of(urn)])).to.deep.equal([`exemptions[0].urn: "${urn}" exempts every resource of this policy`]);
  });

  it("name one that runs out within 14 days, while it exempts something here", () => {
    const days = ["2027-02-28", "2027-03-01", "2027-03-02", "2027-03-15", "2027-03-16"];
    expect(remarks(days.map((day) => of(SITE, day)))).to.deep.equal([
      `exemptions[1]: it holds until 2027-03-01, today: ${SITE}`,
      `exemptions[2]: it holds until 2027-03-02, one more day: ${SITE}`,
      `exemptions[3]: it holds until 2027-03-15, 14 more days: ${SITE}`,
    ]);
    const other = of("urn:pulumi:dev::website::aws:s3/bucket:Bucket::site", "2027-03-02");
    expect(remarks([other], { used: [] })).to.deep.equal([]);
  });

  it("name one of this stack that nothing falls under, and the URN that may be meant", () => {
    const misspelt = of(SITE.replace("::site", "::sites"));
    expect(remarks([of(SITE), of(`${STACK}**::gone`), misspelt], { used: [] })).to.deep.equal([
      `exemptions[0]: nothing that is found here falls under ${SITE}`,
      `exemptions[1]: nothing that is found here falls under ${STACK}**::gone`,
      `exemptions[2]: nothing that is found here falls under ${misspelt.urn}; did you mean ${SITE}?`,
    ]);
    expect(remarks([of(SITE)], { used: [], urns: [`${SITE}#/Resources/A`] })).to.deep.equal([
      `exemptions[0]: nothing that is found here falls under ${SITE}, not even what is inside of it: name that, or all of it by ${SITE}#**`,
    ]);
  });

  it("are none on what is for other stacks, or may be, since a configuration is for many", () => {
    const others = ["urn:pulumi:dev::website::**", "urn:pulumi:*::website::**::site", "**::site"];
    expect(
      remarks(
        others.map((urn) => of(urn)),
        { used: [] },
      ),
    ).to.deep.equal([]);
    expect(remarks([of(SITE)], { used: [], stack: undefined })).to.deep.equal([]);
  });

  it("name five of a kind, and count the others", () => {
    const many = Array.from({ length: 10_000 }, (_, at) => of(`bucket-${at}`));
    const told = remarks(many);
    expect([told.length, told.at(-1)]).to.deep.equal([6, "and 9995 more like these"]);
  });
});
