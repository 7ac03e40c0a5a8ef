import { expect } from "chai";
import { readConfig } from "../../cli/config";
import { metas } from "../../policypack/policies/meta";
import { testdata } from "../testdata";

const [BUCKET, FLAGS, ACL] = [
  "s3-bucket-public-access-block",
  "s3-public-access-block-flags",
  "s3-no-public-acl",
] as const;
const urn = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data";
const read = (content: unknown) => readConfig(JSON.stringify(content));
const mistakes = (content: unknown): string[] => [...read(content).problems];

describe("The pack's configuration", () => {
  it("may be empty: every policy has its default level then, and nothing is exempt", () => {
    const config = readConfig("  \n");
    const nothing = { options: {}, exemptions: [], exceptions: [], exempting: [], contact: undefined };
    expect(metas.map(({ name }) => config.of(name))).to.deep.equal(
      metas.map((meta) => ({ level: "level" in meta ? meta.level : "mandatory", ...nothing })),
    );
  });

  it("sets levels for all policies and for each, as the CLI reads them", () => {
    const levels = (content: unknown) => [BUCKET, FLAGS, ACL].map((policy) => read(content).of(policy).level);
    expect([
      levels({ all: "advisory", [BUCKET]: "mandatory", [ACL]: { enforcementLevel: "disabled" } }),
      levels({ all: { enforcementLevel: "disabled" }, [FLAGS]: "remediate" }),
      levels({ environments: ["prod"], [BUCKET]: { exemptions: [] } }),
    ]).to.deep.equal([
      ["mandatory", "advisory", "disabled"],
      ["disabled", "mandatory", "disabled"],
      ["mandatory", "mandatory", "mandatory"],
    ]);
  });

  it("has exemptions, and in version 2 the engine's exceptions, which name targets exactly", () => {
    const own = { urn: "urn:**", reason: "own", expires: "2027-01-01" };
    const exceptions = {
      "EX-1": { reason: "theirs", match: [{ policies: [BUCKET, ACL], targets: [urn, `${urn}*`] }] },
    };
    const config = read({ version: 2, policies: { [BUCKET]: { exemptions: [own] } }, exceptions });
    const theirs = ["", urn].map((urn) => ({ urn, reason: "theirs" })).reverse();
    expect(
      [BUCKET, ACL, FLAGS].map((policy) => [config.of(policy).exemptions, config.of(policy).exceptions]),
    ).to.deep.equal([
      [[own], theirs],
      [[], theirs],
      [[], []],
    ]);
  });

  it("has every mistake named with its place", () => {
    const all = testdata("audit/config-mistakes.yaml") as Record<string, [unknown, ...string[]]>;
    for (const [title, [content, ...problems]] of Object.entries(all))
      expect(mistakes(content), title).to.deep.equal(problems);
  });

  it("is refused where it is none, at the first place that shows it", () => {
    const wrong = testdata("audit/config-unreadable.yaml") as Record<string, string>;
    for (const [text, message] of Object.entries(wrong)) expect(() => readConfig(text), text).to.throw(message);
    const whole = '{"a": [1.5e3, -2, true, null], "b\\u00e4": "\\n"}';
    for (let length = 1; length < whole.length; length += 1)
      expect(() => readConfig(whole.slice(0, length))).to.throw(`line 1, column ${String(length + 1)}: `);
  });
});
