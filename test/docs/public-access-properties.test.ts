import { expect } from "chai";
import { isAdapted } from "../../policypack/adapters";
import { mayMakeBucket } from "../../policypack/adapters/types";
import { groupBy } from "../../policypack/lib/lists";
import { policies } from "../../policypack/policies";
import { declaredIn, leftOut, missing, namesIn, PACKAGES, table, type Declared } from "./doors";
import { ADAPTED, PROPERTIES } from "./properties";
import { expectSection } from "./section";

const DECLARED = PACKAGES.map((name) => ({ name, ...declaredIn(name) }));
const TYPES = new Map<string, Declared>(DECLARED.flatMap(({ types }) => types.map((each) => [each.type, each])));
const isRead = (type: string): boolean => isAdapted(type) || policies.some(({ reads }) => reads(type));
const { entries } = table;
const PAGE = "docs/public-access-properties.md";

describe("The table of properties that may decide who can read S3", () => {
  for (const { name, version, types } of DECLARED)
    describe(`of ${name}`, () => {
      it("was read from the installed version", () => expect(table.versions[name]).to.equal(version));

      it("gives each property that is picked a place, and counts the types that aren't", () => {
        expect(missing(types)).to.deep.equal([]);
        expect(table["left out"][name]).to.deep.equal(leftOut(types));
      });

      it("has each type of S3's own modules", () => {
        const listed = new Set(PROPERTIES.map(({ type }) => type));
        const unlisted = types.filter(({ type }) => /^aws(?:-native)?:s3/.test(type) && !listed.has(type));
        expect(unlisted.map(({ type }) => type)).to.deep.equal([]);
      });
    });

  it("would miss a property that is new", () => {
    const type = "aws:acmpca/certificateAuthority:CertificateAuthority";
    const changed = { ...(TYPES.get(type) ?? expect.fail()), picked: ["s3ObjectAcl", "newGrants"] };
    expect(missing([changed])).to.deep.equal([`${type}: newGrants`]);
  });

  it("has types and properties that there are, and no others", () => {
    const odd = PROPERTIES.flatMap(({ type, properties, by }) => {
      const declared = TYPES.get(type);
      const isThere = (way: string): boolean =>
        by.length > 0
          ? declared?.has(way) === true
          : way === "any" || namesIn(way).every((name) => declared?.names.includes(name));
      return properties.filter((way) => !isThere(way)).map((way) => `${type}: ${way}`);
    });
    expect(odd).to.deep.equal([]);
  });

  it("gives a policy each type that it reads, and no other", () => {
    for (const { name, reads } of policies) {
      const listed = PROPERTIES.filter(({ by }) => by.includes(name)).map(({ type }) => type);
      expect(
        listed.filter((type) => !reads(type)),
        name,
      ).to.deep.equal([]);
      const unlisted = [...TYPES.keys()].filter((type) => reads(type) && !isPart(name, type) && !listed.includes(type));
      expect(unlisted, name).to.deep.equal([]);
    }
    const inside = PROPERTIES.filter(({ by }) => by.includes("all")).map(({ type }) => type);
    expect(inside.filter((type) => !isAdapted(type))).to.deep.equal([]);
  });

  it("notes the types that there is a note on", () => {
    const noted = entries.filter(({ is }) => is === "noted").flatMap(({ types }) => Object.keys(types));
    const expected = [...TYPES.keys()].filter((type) => mayMakeBucket(type) && !/^aws(?:-native)?:s3/.test(type));
    expect(noted.sort()).to.deep.equal(expected.sort());
  });

  it("has a reason and a page for all that no policy judges", () => {
    const without = entries.filter(({ is, by, why, page }) =>
      is === "judged" ? !by : !why || (is !== "noted" && !page),
    );
    expect(without).to.deep.equal([]);
  });

  it("is what the page shows of it (UPDATE_DOCS=true writes it)", async () => {
    await expectSection(PAGE, "judged", judged());
    await expectSection(PAGE, "others", others());
  });
});

/** What a policy reads besides what it judges: the buckets, the role and the method that something is about. */
const PARTS: Readonly<Record<string, RegExp>> = {
  "s3-bucket-public-access-block": /^aws(?:-native)?:s3/,
  "s3-no-public-folder": /^aws:s3\/bucketObject/,
  "s3-no-anonymous-role": /^aws(?:-native)?:(?:iam|sso)/,
};
const isPart = (policy: string, type: string): boolean => PARTS[policy]?.test(type) === true;

function judged(): string {
  const byPolicies = groupBy(
    PROPERTIES.filter(({ by }) => by.length > 0 && !by.includes("all")),
    ({ by }) => by.map((name) => `\`${name}\``).join(", "),
  );
  // aws:s3/bucket:Bucket and aws-native:s3:Bucket are both `s3.Bucket`.
  const short = (type: string): string => `\`${type.replace(/^[\w-]+:(\w+)(?:\/\w+)?:/, "$1.")}\``;
  return [...byPolicies]
    .map(([by, rows]) => `- ${by}: ${[...new Set(rows.map(({ type }) => short(type)))].join(", ")}`)
    .join("\n");
}

function others(): string {
  const groups = groupBy(
    entries.filter(({ is }) => is !== "judged"),
    ({ is }) => is,
  );
  const typesOf = (group: typeof entries): number => group.flatMap(({ types }) => Object.keys(types)).length;
  return [...groups].map(([is, group]) => `- ${is}: ${typesOf(group)} types`).join("\n");
}

describe("The list of adapters", () => {
  it("has tokens that the pack reads, and no others", () => {
    const tokens = ADAPTED.flatMap((row) => row.tokens);
    expect(tokens).to.have.length.above(15);
    expect(tokens.map((token) => token.replace("PKG", "site")).filter((token) => !isRead(token))).to.deep.equal([]);
  });

  it("has tokens and properties that the installed @pulumi/aws has", () => {
    for (const { tokens, properties } of ADAPTED)
      for (const token of tokens.filter((each) => /^aws:(?!index)/.test(each))) {
        const { has } = TYPES.get(token) ?? expect.fail(token);
        expect(
          properties.filter((name) => !has(name)),
          token,
        ).to.deep.equal([]);
      }
  });
});
