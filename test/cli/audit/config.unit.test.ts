import { expect } from "chai";
import { readConfig } from "../../../cli/audit/config";
import { ConfigError } from "../../../cli/config";
import { policies } from "../../../policypack/policies";
import { s3BucketPublicAccessBlock } from "../../../policypack/policies/s3-bucket-public-access-block";
import { s3NoPublicAcl } from "../../../policypack/policies/s3-no-public-acl";
import { s3PublicAccessBlockFlags } from "../../../policypack/policies/s3-public-access-block-flags";

const RULE = s3BucketPublicAccessBlock.name;
const urn = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data";
const read = (content: unknown) => readConfig(JSON.stringify(content), policies);
const levels = (content: unknown): string[] =>
  [s3BucketPublicAccessBlock, s3PublicAccessBlockFlags, s3NoPublicAcl].map((policy) => read(content).of(policy).level);

describe("The pack's configuration", () => {
  it("may be empty: every policy has its default level then, and nothing is exempt", () => {
    const config = readConfig("  \n", policies);
    expect(policies.map((policy) => config.of(policy))).to.deep.equal(
      policies.map(({ level = "mandatory" }) => ({
        ...{ level, options: {}, exemptions: [], exceptions: [], contact: undefined },
      })),
    );
  });

  it("sets levels for all policies and for each, as the CLI reads them", () => {
    expect([
      levels({ all: "advisory", [RULE]: "mandatory", "s3-no-public-acl": { enforcementLevel: "disabled" } }),
      levels({ all: { enforcementLevel: "disabled" }, "s3-public-access-block-flags": "remediate" }),
      levels({ environments: ["prod"], [RULE]: { exemptions: [] } }),
    ]).to.deep.equal([
      ["mandatory", "advisory", "disabled"],
      ["disabled", "mandatory", "disabled"],
      ["mandatory", "mandatory", "mandatory"],
    ]);
  });

  it("has exemptions, and in version 2 the engine's exceptions beside them", () => {
    const own = { urn: "urn:**", reason: "own", expires: "2027-01-01" };
    const exceptions = {
      "EX-1": { reason: "theirs", match: [{ policies: [RULE, "s3-no-public-acl"], targets: [urn, `${urn}*`] }] },
    };
    const config = read({ version: 2, policies: { [RULE]: { exemptions: [own] } }, exceptions });
    const theirs = [
      { urn, reason: "theirs" },
      { urn: "", reason: "theirs" }, // With a star in it a target isn't a pattern.
    ];
    expect([
      config.of(s3BucketPublicAccessBlock).exemptions,
      config.of(s3NoPublicAcl).exemptions,
      config.of(s3PublicAccessBlockFlags).exemptions,
    ]).to.deep.equal([[own, ...theirs], theirs, []]);
  });

  const wrong: [string, unknown, string][] = [
    ["is a list", [], "the whole file: not an object"],
    ["has a version that isn't there", { version: 3 }, "version: it is 3, and the only version that there is is 2"],
    [
      "misspells a policy",
      { "s3-bucket": "advisory" },
      "s3-bucket: there is no such policy; there are s3-bucket-public",
    ],
    [
      "misspells a level",
      { all: "advisry" },
      'all: "advisry" is not an enforcement level; there are mandatory, remediate, advisory, disabled',
    ],
    ["has a number for a policy", { [RULE]: 1 }, `${RULE}: 1 is not an enforcement level`],
    [
      "misspells an option",
      { [RULE]: { exemptons: [] } },
      `${RULE}: exemptons: unknown key; this policy has acceptAccountPublicAccessBlock, contact and exemptions; did you mean exemptions?`,
    ],
    [
      "has a text for a boolean",
      { [RULE]: { acceptAccountPublicAccessBlock: "yes" } },
      `${RULE}: acceptAccountPublicAccessBlock: not a boolean`,
    ],
    [
      "has an exemption without a reason",
      { [RULE]: { exemptions: [{ urn }] } },
      `${RULE}: exemptions[0].reason: missing; say why the resource is exempt`,
    ],
    ["has no level for all", { all: { contact: "#security" } }, "all.enforcementLevel: missing"],
    [
      "has an option for all that does nothing",
      { all: { exemptions: [] } },
      "all.exemptions: does nothing; for all policies there are enforcementLevel and contact",
    ],
    [
      "has a contact of several lines",
      { all: { enforcementLevel: "advisory", contact: "a\nb" } },
      "all.contact: not one line of up to 200 characters that can be seen",
    ],
    ["has policies that aren't an object", { version: 2, policies: [] }, "policies: not an object"],
    [
      "has an exception without a reason",
      { version: 2, exceptions: { a: { match: [] } } },
      "exceptions.a.reason: missing; say why the resources are excepted",
    ],
    [
      "has an exception that matches nothing",
      { version: 2, exceptions: { a: { reason: "r" } } },
      "exceptions.a.match: not a list of policies and targets",
    ],
    [
      "has an exception without targets",
      { version: 2, exceptions: { a: { reason: "r", match: [{ policies: [RULE], targets: [] }] } } },
      "exceptions.a.match[0]: policies and targets must be lists of strings",
    ],
  ];
  for (const [title, content, message] of wrong) {
    it(`is refused if it ${title}`, () => {
      expect(() => read(content)).to.throw(ConfigError, message);
    });
  }

  for (const [text, place] of Object.entries({
    "{": "line 1, column 2",
    '{"a": tru}': "line 1, column 10",
    '{\n  "a": "advisory",\n}': "line 3, column 1",
    '{\n  "a": "advisory"\n  "b": "x"\n}\n': "line 3, column 3",
    '{"a": "one\ntwo"}': "line 1, column 11",
    "{} {}": "line 1, column 4",
  })) {
    it(`is refused if it isn't JSON, at the first mistake: ${JSON.stringify(text)}`, () => {
      expect(() => readConfig(text, policies)).to.throw(ConfigError, `it is not JSON: ${place}: `);
    });
  }

  it("has a mistake at its end if it is cut short anywhere", () => {
    const whole = '{"a": [1.5e3, -2, true, null], "b\\u00e4": "\\n"}';
    for (let length = 1; length < whole.length; length += 1) {
      const place = `line 1, column ${String(length + 1)}: `;
      expect(() => readConfig(whole.slice(0, length), policies)).to.throw(ConfigError, place);
    }
  });

  it("is refused with all its mistakes at once", () => {
    expect(() => read({ all: "a", x: "b" })).to.throw(/x: there is no such policy.*\nall: "a" is not/s);
  });
});
