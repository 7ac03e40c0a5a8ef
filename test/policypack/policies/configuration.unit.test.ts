import { expect } from "chai";
import {
  boot,
  type Analyzer,
  type Diagnostic,
  type PolicyConfiguration,
  type Props,
} from "../../../harness/engine/analyzer";
import { bucket, urn } from "../resources";
import { door, ROOT } from "./doors";

const ACL = "aws:s3/bucketAcl:BucketAcl";
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe("The configuration", () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT, { stack: { project: "test", stack: "dev" } });
  });
  after(() => pack.close());

  const acls = ["one", "two", "three"].map((name) => ({
    ...door(ACL, { acl: "public-read" }),
    ...{ name, urn: urn(name, ACL) },
  }));

  /** What the pack says of three public ACLs, and of a stack with them, that isn't about one of them. */
  async function said(config: Record<string, PolicyConfiguration>): Promise<Diagnostic[]> {
    await pack.configure(config);
    const all: Diagnostic[] = [];
    for (const acl of acls) all.push(...(await pack.analyze(acl)));
    all.push(...(await pack.analyzeStack([...acls, bucket("data")])));
    return all.filter(({ urn }) => urn === "");
  }
  const texts = (diagnostics: Diagnostic[]) =>
    diagnostics.map(({ level, policy, message }) => [level, policy, ...message.split("\n")]);

  it("says nothing of itself where nothing is wrong with it", async () => {
    expect(
      await said({ all: { level: "advisory" }, "s3-no-public-acl": { level: "mandatory" } }),
    ).to.deep.equal([]);
  });

  it("has each mistake told once, and not at every resource", async () => {
    expect(texts(await said({ "s3-no-public-acl": { props: { exemption: [] } } }))).to.deep.equal([
      [
        "mandatory",
        "s3-no-public-acl",
        "The configuration of s3-no-public-acl is not valid:",
        "  exemption: unknown key; this policy has contact and exemptions; did you mean exemptions?",
      ],
    ]);
  });

  it("has a mistake told where the policy has no resource to evaluate, too", async () => {
    const config = { "s3-no-public-folder": { props: { exemptions: "all" } } };
    expect(texts(await said(config)).map(([level, policy]) => [level, policy])).to.deep.equal([
      ["mandatory", "s3-no-public-folder"],
    ]);
  });

  it("has a policy's misspelt name told once, with the one that may be meant, also with a plain level", async () => {
    const config = { "s3-no-public-acls": { level: "advisory" }, iam: { level: "advisory" } } as const;
    const told = texts(await said(config));
    expect(told.map(([level]) => level)).to.deep.equal(["advisory"]);
    expect(told[0]?.slice(2, 5)).to.deep.equal([
      "The policy pack's configuration needs a look:",
      "  iam: there is no such policy; there are s3-bucket-public-access-block, s3-public-access-block-flags, " +
        "s3-public-access-block-skip-destroy, s3-account-public-access-block, s3-access-point-public-access-block, " +
        "s3-no-public-acl, s3-no-public-folder, s3-no-public-bucket-policy, and all",
      "  s3-no-public-acls: there is no such policy; did you mean s3-no-public-acl?",
    ]);
  });

  it("has exemptions that need a look told once a policy, without blocking anything", async () => {
    const soon = { urn: urn("one", ACL), reason: "reviewed", expires: inDays(3) };
    const exemptions = [
      { urn: "two", reason: "reviewed" },
      soon,
      { urn: urn("thre", ACL), reason: "reviewed" },
    ];
    const told = texts(await said({ "s3-no-public-acl": { props: { exemptions } } }));
    expect(told).to.deep.equal([
      [
        "advisory",
        "s3-no-public-acl",
        "The exemptions of s3-no-public-acl need a look:",
        `  exemptions[0].urn: "two" isn't a URN; did you mean "${urn("two", ACL)}"?`,
        `  exemptions[1]: it holds until ${soon.expires}, 3 more days: ${soon.urn}`,
        `  exemptions[2]: nothing that is found here falls under ${urn("thre", ACL)}; did you mean ${urn("three", ACL)}?`,
      ],
    ]);
  });

  describe("says whom to ask,", () => {
    const asked = async (config: Record<string, PolicyConfiguration>): Promise<string[]> => {
      await pack.configure(config);
      const told = [
        ...(await pack.analyze(acls[0] ?? expect.fail())),
        ...(await pack.analyzeStack([bucket("data")])),
      ];
      return told.flatMap(({ policy, message }) =>
        message.split("\n").flatMap((line) => (line.startsWith("Whom to ask") ? [`${policy}: ${line}`] : [])),
      );
    };
    const props = (contact: unknown) => ({ props: { contact } as Props });

    it("of one policy, or of all that have no contact of their own", async () => {
      expect(await asked({ "s3-no-public-acl": props("#acls") })).to.deep.equal([
        "s3-no-public-acl: Whom to ask: #acls",
      ]);
      const all = { all: { level: "mandatory", ...props("#cloud") } } as const;
      expect(await asked({ ...all, "s3-no-public-acl": props("#acls") })).to.deep.equal([
        "s3-no-public-acl: Whom to ask: #acls",
        "s3-bucket-public-access-block: Whom to ask: #cloud",
      ]);
    });

    it("before the code of an exemption, and after the end of one that ran out", async () => {
      await pack.configure({ "s3-no-public-acl": props("#acls") });
      const [told] = await pack.analyze(acls[0] ?? expect.fail());
      expect(told?.message).to.match(/\nWhom to ask: #acls\nIf it must be public, say why/);
      const exemptions = [{ urn: urn("one", ACL), reason: "reviewed", expires: "2020-01-31" }];
      await pack.configure({ "s3-no-public-acl": { props: { contact: "#acls", exemptions } } });
      const [over] = await pack.analyze(acls[0] ?? expect.fail());
      expect(over?.message).to.match(/\nIts exemption ran out on 2020-01-31: reviewed\nWhom to ask: #acls$/);
    });

    for (const contact of ["", " ", "a\nb", "a\u202eb", "a\u2028b", "\u3164", "\u2800", "x".repeat(201), 1]) {
      it(`in one line that can be seen, and not ${JSON.stringify(contact).slice(0, 20)}`, async () => {
        expect(texts(await said({ "s3-no-public-acl": props(contact) }))).to.deep.equal([
          [
            ...["mandatory", "s3-no-public-acl", "The configuration of s3-no-public-acl is not valid:"],
            "  contact: not one line of up to 200 characters that can be seen",
          ],
        ]);
        expect(await asked({ "s3-no-public-acl": props(contact) })).to.deep.equal([]);
      });
    }

    it("and has a note on what does nothing for all", async () => {
      const all: PolicyConfiguration = { level: "mandatory", props: { contact: "a\nb", exemptions: [] } };
      expect(texts(await said({ all })).map(([level, , ...lines]) => [level, ...lines])).to.deep.equal([
        [
          ...["advisory", "The policy pack's configuration needs a look:"],
          "  all.exemptions: does nothing; for all policies there are enforcementLevel and contact",
          "  all.contact: not one line of up to 200 characters that can be seen",
        ],
      ]);
    });
  });
});
