import { expect } from "chai";
import { changed, problemsIn } from "../../../cli/exempt/change";
import { meant } from "../../../cli/exempt/meant";
import { blocked, own, published } from "../report/builders";

const [BUCKET, FLAGS] = ["s3-bucket-public-access-block", "s3-public-access-block-flags"] as const;
const urnOf = (name: string, type = "bucket:Bucket") => `urn:pulumi:dev::shop::aws:s3/${type}::${name}`;

describe("the bucket that is to be exempt", () => {
  const exempted = [
    { policy: BUCKET, urn: urnOf("b1") },
    { policy: FLAGS, urn: urnOf("lock", "block:Block") },
  ];
  const howToExempt = { exempted, exemptIf: "If", isExceptable: true };
  const ranOut = { reason: "r", expires: "2020-01-01" };
  const report = blocked(
    [
      own(1, { published: published({ howToExempt }) }),
      own(1, { urn: urnOf("b1", "acl:Acl"), published: published({ howToExempt }) }),
      own(2, { published: published({ exemption: ranOut }) }),
      own(3, { kind: "exempt", published: published({ exemption: ranOut }) }),
      own(5, { urn: `${urnOf("b5")}*`, published: published({ howToExempt }) }),
    ],
    {
      bucketUrns: [
        ...["b1", "b2", "b3", "free"].map((name) => urnOf(name)),
        urnOf("twin"),
        urnOf("twin", "x$aws:s3/bucket:Bucket"),
      ],
    },
  );

  it("is one by its logical name or URN, with all that blocks it; or the reason why there is none", () => {
    const found: Record<string, unknown> = {
      b1: exempted,
      [urnOf("b1")]: exempted,
      [urnOf("b1", "acl:Acl")]: exempted,
      b2: [{ policy: BUCKET, urn: urnOf("b2") }],
      b3: "b3: it is exempt already",
      free: "free: nothing blocks it",
      fre: "fre: there is no such bucket in the stack; did you mean free?",
      [urnOf("b9")]: `${urnOf("b9")}: there is no such bucket in the stack; did you mean ${urnOf("b1")}?`,
      twin: ["twin: give the URN of one of these:", urnOf("twin"), urnOf("twin", "x$aws:s3/bucket:Bucket")].join(
        "\n  ",
      ),
      "b5*": "b5*: the * in its URN would stand for other resources too",
    };
    expect(Object.keys(found).map((name) => meant(name, report))).to.deep.equal(Object.values(found));
  });
});

describe("an exemption that is added", () => {
  const wanted = [
    { policy: BUCKET, urn: "urn:b" },
    { policy: FLAGS, urn: "urn:f" },
  ];
  const terms = { reason: "r", expires: "2999-01-01" };
  const after = (before: string) => changed(before, wanted, terms);

  it("is laid out as the others, and leaves all else as it is", () => {
    const lines = (...list: string[]) => `${list.join("\n")}\n`;
    const [start, old] = ['  "s3-no-public-acl":   "advisory",', '      { "urn": "urn:a", "reason": "a" }'];
    const flags = [
      `  "${FLAGS}": {`,
      '    "exemptions": [',
      "      {",
      '        "urn": "urn:f",',
      '        "reason": "r",',
    ];
    expect(after(lines("{", start, `  "${BUCKET}": { "exemptions": [`, old, "  ] }", "}"))).to.deep.equal({
      text: lines(
        ...["{", start, `  "${BUCKET}": { "exemptions": [`, `${old},`],
        ...['      { "urn": "urn:b", "reason": "r", "expires": "2999-01-01" }', "  ] },", ...flags],
        ...['        "expires": "2999-01-01"', "      }", "    ]", "  }", "}"],
      ),
      added: 2,
    });
  });

  it("goes into a file that is new, to a level, or into version 2, is there once, and replaces one that has run out", () => {
    const [bucket, flags] = wanted.map(({ urn }) => ({ exemptions: [{ urn, ...terms }] }));
    const own = { [BUCKET]: bucket, [FLAGS]: flags };
    const cases: [before: object | undefined, after: object, added: number][] = [
      [undefined, own, 2],
      [{}, own, 2],
      [{ [BUCKET]: { exemptions: [] } }, own, 2],
      [own, own, 0],
      [{ [FLAGS]: "remediate" }, { ...own, [FLAGS]: { enforcementLevel: "remediate", ...flags } }, 2],
      [{ version: 2, policies: { [FLAGS]: flags } }, { version: 2, policies: own }, 1],
      [{ ...own, [BUCKET]: { exemptions: [{ urn: "urn:b", reason: "old", expires: "2020-01-01" }] } }, own, 1],
    ];
    for (const [before, wanted, added] of cases) {
      const made = after(before === undefined ? "" : JSON.stringify(before));
      expect([JSON.parse(made.text), made.added]).to.deep.equal([wanted, added]);
      expect(made.text.split(BUCKET).length, made.text).to.equal(2);
    }
  });
});

describe("an exemption that breaks a rule for all of them", () => {
  it("is refused by the rule's name, and doesn't count as being there", () => {
    const wanted = [{ policy: BUCKET, urn: urnOf("b") }];
    const rules = { all: { enforcementLevel: "mandatory", exemptionRules: { reasonPattern: "^SEC-" } } };
    const [bad, good] = ["press kit", "SEC-7"].map((reason) => changed(JSON.stringify(rules), wanted, { reason }).text);
    expect(problemsIn(bad ?? "", wanted)).to.deep.equal([
      "all.exemptionRules.reasonPattern doesn't allow it: its reason doesn't match ^SEC-",
    ]);
    expect(problemsIn(good ?? "", wanted)).to.deep.equal([]);
    expect([bad, good].map((before = "") => changed(before, wanted, { reason: "SEC-8" }).added)).to.deep.equal([1, 0]);
  });
});
