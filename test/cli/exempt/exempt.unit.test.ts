import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { changed, meant, problemsIn } from "../../../cli/exempt/change";
import { blocked, findingsIn, type WrittenFinding } from "../report/builders";

const [BUCKET, FLAGS] = ["s3-bucket-public-access-block", "s3-public-access-block-flags"] as const;
const TEXT = readFileSync(join(__dirname, "../../testdata/exempt.yaml"), "utf8")
  .replaceAll("BUCKET", BUCKET)
  .replaceAll("FLAGS", FLAGS)
  .replaceAll("URN/", "urn:pulumi:dev::shop::aws:s3/");
const CASES = parse(TEXT, { merge: true }) as {
  findings: WrittenFinding[];
  buckets: string[];
  meant: Record<string, unknown>;
  layout: Record<"before" | "after", string>;
  added: { before: object | null; after: object; added: number }[];
};

it("The bucket that is to be exempt is one by its logical name or URN, with all that blocks it; or the reason why there is none", () => {
  const report = blocked(findingsIn(CASES.findings), { bucketUrns: CASES.buckets });
  for (const [name, wanted] of Object.entries(CASES.meant)) expect(meant(name, report), name).to.deep.equal(wanted);
});

describe("an exemption that is added", () => {
  const exempted = [
    { policy: BUCKET, urn: "urn:b" },
    { policy: FLAGS, urn: "urn:f" },
  ];
  const after = (before: string) => changed(before, exempted, { reason: "r", expires: "2999-01-01" });

  it("is laid out as the others, and leaves all else as it is", () => {
    expect(after(CASES.layout.before)).to.deep.equal({ text: CASES.layout.after, added: 2 });
  });

  it("goes into a file that is new, to a level, or into version 2, is there once, and replaces one that has run out", () => {
    for (const { before, after: wanted, added } of CASES.added) {
      const made = after(before === null ? "" : JSON.stringify(before));
      expect([JSON.parse(made.text), made.added]).to.deep.equal([wanted, added]);
      expect(made.text.split(BUCKET).length, made.text).to.equal(2);
    }
  });
});

describe("an exemption that breaks a rule for all of them", () => {
  it("is refused by the rule's name, and doesn't count as being there", () => {
    const wanted = [{ policy: BUCKET, urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b" }];
    const rules = { all: { enforcementLevel: "mandatory", exemptionRules: { reasonPattern: "^SEC-" } } };
    const [bad, good] = ["press kit", "SEC-7"].map((reason) => changed(JSON.stringify(rules), wanted, { reason }).text);
    expect(problemsIn(bad ?? "", wanted)).to.deep.equal([
      "all.exemptionRules.reasonPattern doesn't allow it: its reason doesn't match ^SEC-",
    ]);
    expect(problemsIn(good ?? "", wanted)).to.deep.equal([]);
    expect([bad, good].map((before = "") => changed(before, wanted, { reason: "SEC-8" }).added)).to.deep.equal([1, 0]);
  });
});
