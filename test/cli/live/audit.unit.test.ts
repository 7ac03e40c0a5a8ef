import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse as parseArguments } from "../../../cli/audit/args";
import { exitCodeOf, findingsOf } from "../../../cli/report/audit";
import { ROOT } from "../../harness/engine/paths";
import { auditOf, stackOf } from "../audit/audits";
import { block, bucket, urnOf } from "../audit/states";
import { inS3, type Words } from "./worlds";
import { testdata } from "../../testdata";

type Said = "open" | "locked" | "denied" | "covered";
interface Row {
  readonly free: Said;
  readonly shut: Said;
  readonly config?: string;
  readonly acceptUnknown?: boolean;
  readonly unmanaged?: Readonly<Record<string, Said>>;
  readonly expected: readonly unknown[];
}
const { said, configurations, audits } = testdata("audit/live-audits.yaml") as {
  said: Record<Said, Words>;
  configurations: Record<string, object>;
  audits: Row[];
};

const RULE = "s3-bucket-public-access-block";
const STATES = { dev: stackOf({}, bucket("shut"), block("lock", "shut"), bucket("free")) };
const worldOf = (free: Said, shut: Said = "locked", unmanaged?: Row["unmanaged"]) =>
  inS3(
    { "free-1a2b3c4": said[free], "shut-1a2b3c4": said[shut] },
    unmanaged && Object.fromEntries(Object.entries(unmanaged).map(([name, word]) => [name, said[word]])),
  );

describe("An audit that asks S3", () => {
  it("blocks what isn't locked in S3 or in the program, and has no verdict where S3 says nothing", async () => {
    for (const { free, shut, config: named, acceptUnknown = false, unmanaged, expected } of audits) {
      const change = { ...worldOf(free, shut, unmanaged), acceptUnknown };
      const config = { [RULE]: configurations[named ?? ""] ?? "mandatory" };
      const audit = await auditOf(STATES, { config, change });
      const findings = findingsOf(audit).map(({ name, kind, live, blocks }) =>
        [name, kind, live?.word ?? "-", ...(blocks ? ["blocks"] : [])].join(" "),
      );
      const title = JSON.stringify({ free, shut, named, acceptUnknown });
      expect([exitCodeOf(audit), ...findings.sort()], title).to.deep.equal(expected);
    }
  });

  it("blocks what has drifted, also where the program's block has a note", async () => {
    const twice = {
      dev: stackOf({}, bucket("shut"), ...["one", "two"].map((name) => block(name, "shut", { skipDestroy: false }))),
    };
    const audit = await auditOf(twice, { change: worldOf("open", "open") });
    const onBucket = findingsOf(audit).filter(({ name }) => name === "shut");
    expect(onBucket.map(({ live, blocks }) => [live?.word, blocks])).to.have.deep.members([
      [undefined, false],
      ["drifted", true],
    ]);
  });

  it("knows an exemption as used that only what S3 says falls under", async () => {
    const urns = [urnOf("shut"), "arn:aws:s3:::lost"];
    const config = { [RULE]: { exemptions: urns.map((urn) => ({ urn, reason: "press kit" })) } };
    const unused = async (word: Said) => {
      const { exemptions } = await auditOf(STATES, { config, change: worldOf("open", word, { lost: word }) });
      return exemptions?.unused.map(({ urn }) => urn);
    };
    expect([await unused("open"), await unused("locked")]).to.deep.equal([[], urns]);
  });

  it("counts a block of another stack where the audit is asked to, and blocks if S3 has none", async () => {
    const place = { project: "security" };
    const away = block("lock", "free", {}, { dependencies: [], propertyDependencies: {} }, place);
    const of = async (free: Said) => {
      const change = { ...worldOf(free), acceptOtherStacks: true };
      const audit = await auditOf({ ...STATES, security: stackOf(place, away) }, { change });
      return findingsOf(audit).map(({ name, live }) => [name, live?.word]);
    };
    expect([await of("locked"), await of("open")]).to.deep.equal([[], [["free", "drifted"]]]);
  });

  it("says how much of an account the stacks have, or why its buckets can't be listed", async () => {
    const { coverage, reports } = await auditOf(STATES, {
      change: worldOf("locked", "locked", { lost: "open", kept: "locked" }),
    });
    expect(coverage).to.equal("40 of 42 buckets are in stacks; 2 are in none, 1 of them open");
    expect(reports.map(({ stack, buckets }) => [stack, buckets]).sort()).to.deep.equal([
      ["account 111122223333", 2],
      ["dev", 2],
    ]);
    const none = { ask: async () => ({ ...(await worldOf("locked").ask()), accounts: [] }) };
    expect((await auditOf({ dev: stackOf({}) }, { change: none })).coverage).to.match(/^No account was reached/);
    const accounts = [{ account: "111122223333", total: 0, unmanaged: [], problem: "access denied" }];
    for (const acceptUnknown of [false, true]) {
      const ask = async () => ({ ...(await worldOf("locked").ask()), accounts });
      const { coverage, ...audit } = await auditOf({ dev: stackOf({}) }, { change: { ask, acceptUnknown } });
      expect(coverage).to.contain("the buckets of 111122223333 can't be listed");
      expect(exitCodeOf(audit)).to.equal(acceptUnknown ? 0 : 2);
    }
  });

  it("is in the examples for GitHub and GitLab, ready to switch on", () => {
    for (const name of ["github-workflow.yml", "gitlab-ci.yml"]) {
      const text = readFileSync(join(ROOT, "docs/examples", name), "utf8");
      const [, words = ""] = /^ *# .*main\.js"? audit (.*)$/m.exec(text) ?? [];
      expect(parseArguments(words.split(" "), ROOT, "2026-11-25"), name).to.deep.include({ stacks: ['"$STACK"'] });
      expect(words, name).to.contain("--live");
    }
  });
});
