import { expect } from "chai";
import { exitCodeOf, findingsOf } from "../../../cli/report/audit";
import { auditOf, stackOf } from "../audit/audits";
import { block, bucket, urnOf } from "../audit/states";
import { inS3, type Words } from "./worlds";

const RULE = "s3-bucket-public-access-block";
const STATES = { dev: stackOf({}, bucket("shut"), block("lock", "shut"), bucket("free")) };
const named = (words: Readonly<Record<string, Words>>) =>
  Object.fromEntries(Object.entries(words).map(([name, said]) => [`${name}-1a2b3c4`, said]));

interface Given {
  readonly config?: object;
  readonly acceptUnknown?: boolean;
  readonly unmanaged?: Readonly<Record<string, Words>>;
}

/** The exit code, and each finding: its bucket, what it is, what S3 says, and whether it blocks. */
async function outcome(
  words: Readonly<Record<string, Words>>,
  { config, acceptUnknown = false, unmanaged }: Given = {},
) {
  const change = { ...inS3(named(words), unmanaged), acceptUnknown };
  const audit = await auditOf(STATES, config === undefined ? { change } : { config, change });
  const findings = findingsOf(audit).map(({ name, kind, live, blocks }) =>
    [name, kind, live?.word ?? "-", ...(blocks ? ["blocks"] : [])].join(" "),
  );
  return [exitCodeOf(audit), ...findings.sort()];
}

const OPEN = { block: "none" };
const ALL = { block: "all" };
const UNKNOWN = { block: "<access denied>" };
const COVERED = { block: "none", account: "all" };
const exempt = (name: string, expires?: string) => ({
  [RULE]: { exemptions: [{ urn: urnOf(name), reason: "press kit", ...(expires && { expires }) }] },
});
const both = { [RULE]: { exemptions: [{ urn: "urn:pulumi:dev::shop::**", reason: "press kit" }] } };

describe("An audit that asks S3", () => {
  it("blocks what has drifted, and what is open in both; says of what is locked by hand that the rule still counts", async () => {
    const table: [expected: unknown[], ...Parameters<typeof outcome>][] = [
      [[1, "free violation locked by hand blocks"], { free: ALL, shut: ALL }],
      [[1, "free violation open blocks", "shut violation drifted blocks"], { free: OPEN, shut: OPEN }],
      [
        [1, "free violation covered by the account blocks", "shut violation covered by the account blocks"],
        { free: COVERED, shut: COVERED },
      ],
      [[0], { free: COVERED, shut: COVERED }, { config: { [RULE]: { acceptAccountPublicAccessBlock: true } } }],
      [
        [1, "free violation open blocks"],
        { free: OPEN },
        { config: { [RULE]: { acceptAccountPublicAccessBlock: true } } },
      ],
    ];
    for (const [expected, ...given] of table)
      expect(await outcome(...given), JSON.stringify(given)).to.deep.equal(expected);
  });

  it("has no verdict where S3 says nothing, whatever else it found, unless that is accepted", async () => {
    const table: [expected: unknown[], ...Parameters<typeof outcome>][] = [
      [[2, "free violation not known blocks", "shut unverified not known blocks"], { free: UNKNOWN, shut: UNKNOWN }],
      [[2, "free violation open blocks", "shut unverified not known blocks"], { free: OPEN, shut: UNKNOWN }],
      [
        [1, "free violation not known blocks", "shut unverified not known"],
        { free: UNKNOWN, shut: UNKNOWN },
        { acceptUnknown: true },
      ],
      [[0, "free exempt not known", "shut exempt not known"], { free: UNKNOWN, shut: UNKNOWN }, { config: both }],
      [
        [0, "free exempt open", "shut unverified not known"],
        { free: OPEN, shut: UNKNOWN },
        { config: exempt("free"), acceptUnknown: true },
      ],
    ];
    for (const [expected, ...given] of table)
      expect(await outcome(...given), JSON.stringify(given)).to.deep.equal(expected);
  });

  it("goes by the level and the exemptions of the bucket's policy", async () => {
    const words = { free: OPEN, shut: OPEN };
    expect([
      await outcome(words, { config: both }),
      await outcome(words, { config: exempt("shut", "2026-11-24") }),
      await outcome(words, { config: { [RULE]: "advisory" } }),
      await outcome({ ...words, free: ALL }, { config: { [RULE]: "disabled" } }),
    ]).to.deep.equal([
      [0, "free exempt open", "shut exempt drifted"],
      [1, "free violation open blocks", "shut violation drifted blocks"],
      [0, "free violation open", "shut violation drifted"],
      [0, "shut violation drifted"],
    ]);
    const audit = await auditOf(STATES, { config: exempt("shut"), change: inS3(named(words)) });
    expect(audit.exemptions?.unused).to.deep.equal([]);
  });

  it("counts a block of another stack where the audit is asked to, and blocks if S3 has none", async () => {
    const place = { project: "security" };
    const away = block("lock", "free", {}, { dependencies: [], propertyDependencies: {} }, place);
    const states = { ...STATES, security: stackOf(place, away) };
    const of = async (words: Words) => {
      const change = { ...inS3(named({ free: words })), acceptOtherStacks: true };
      return findingsOf(await auditOf(states, { change })).map(({ name, live }) => [name, live?.word]);
    };
    expect([await of(ALL), await of(OPEN)]).to.deep.equal([[], [["free", "drifted"]]]);
  });

  it("says how much of an account the stacks have, and blocks an open bucket that none has", async () => {
    const unmanaged = { lost: OPEN, kept: ALL, hidden: UNKNOWN };
    const config = exempt("free");
    const given = { free: OPEN };
    expect(await outcome(given, { config, unmanaged })).to.deep.equal([
      ...[2, "free exempt open", "hidden unverified not known blocks", "lost violation open blocks"],
    ]);
    const known = {
      [RULE]: { exemptions: [...config[RULE].exemptions, { urn: "arn:aws:s3:::lost", reason: "site" }] },
    };
    expect(await outcome(given, { config: known, unmanaged, acceptUnknown: true })).to.deep.equal([
      ...[0, "free exempt open", "hidden unverified not known", "lost exempt open"],
    ]);
    const { coverage, reports } = await auditOf(STATES, { change: inS3({}, unmanaged) });
    expect(coverage).to.equal("40 of 43 buckets are in stacks; 3 are in none, 1 of them open");
    expect(reports.map(({ stack, buckets }) => [stack, buckets])).to.deep.equal([
      ["account 111122223333", 3],
      ["dev", 2],
    ]);
  });

  it("has no verdict on an account whose buckets can't be listed, unless that is accepted", async () => {
    const accounts = [{ account: "111122223333", total: 0, unmanaged: [], problem: "access denied" }];
    const { ask } = inS3({});
    const of = async (acceptUnknown: boolean) => {
      const change = { ask: async () => ({ ...(await ask()), accounts }), acceptUnknown };
      const { coverage, ...audit } = await auditOf({ dev: stackOf({}) }, { change });
      expect(coverage).to.contain("the buckets of 111122223333 can't be listed");
      return exitCodeOf(audit);
    };
    expect([await of(false), await of(true)]).to.deep.equal([2, 0]);
  });
});
