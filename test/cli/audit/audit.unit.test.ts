import { expect } from "chai";
import { documentOf, findingsOf, totalsOf } from "../../../cli/report/audit";
import { auditOf, casesIn, stackOf, statesOf, WEBSITE, website, type WrittenStacks } from "./audits";
import { filledIn } from "../../policypack/cases";
import { asWanted } from "../report/builders";
import { bucket, urnOf } from "./states";

const RULE = "s3-bucket-public-access-block";
const FLAGS = "s3-public-access-block-flags";

interface Case {
  readonly each?: unknown[];
  readonly stacks: WrittenStacks;
  readonly config?: object;
  readonly accepts?: boolean;
  readonly of?: string;
  readonly findings: readonly object[];
  readonly unused?: readonly object[];
}
const CASES = casesIn("audits.yaml") as Record<string, Case>;

describe("An audit", () => {
  for (const [title, { each = [""], ...written }] of Object.entries(CASES))
    it(title, async () => {
      for (const row of each) {
        const { stacks, config, accepts = false, of, findings, unused } = filledIn(written, { each: row }) as Case;
        const audit = await auditOf(statesOf(stacks), {
          ...(config && { config }),
          change: { acceptOtherStacks: accepts },
        });
        const found = findingsOf(audit).filter(({ policy }) => of === undefined || policy === of);
        expect(asWanted(found, findings), JSON.stringify(row)).to.deep.equal(findings);
        if (unused !== undefined && typeof row === "object") expect(audit.exemptions?.unused).to.deep.equal(unused);
      }
    });

  it("reads no more stacks at once than it may, and tells of each", async () => {
    let [reading, most] = [0, 0];
    const told: [number, string][] = [];
    const sources = ["a", "b", "c", "d", "e"].map((name) => ({
      name,
      read: async () => {
        most = Math.max(most, ++reading);
        await new Promise((done) => setTimeout(done, 5));
        reading -= 1;
        return stackOf({});
      },
    }));
    const progress = (done: number, name: string): void => void told.push([done, name]);
    await auditOf({}, { change: { sources, jobs: 2, progress } });
    expect([most, ...told.map(([done]) => done)]).to.deep.equal([2, 1, 2, 3, 4, 5]);
    expect(told.map(([, name]) => name).sort()).to.deep.equal(["a", "b", "c", "d", "e"]);
  });

  it("groups what is wrong in the same way, whatever it is called, the most frequent first", async () => {
    const dev = website({ project: "website", stack: "dev" });
    const { sections } = documentOf(await auditOf({ a: website(), b: dev, c: stackOf({}, bucket("one")) }));
    const title = "Blocking: Bucket can be opened to the public:";
    expect(sections.map(({ policy, title, rows }) => [policy, title, rows.length])).to.deep.equal([
      [RULE, `${title} no public access block targets it`, 3],
      [RULE, `${title} public access block doesn't have the four flags on`, 2],
    ]);
  });
});

describe("An audit with a configuration", () => {
  const config = {
    all: { enforcementLevel: "mandatory", exemptionRules: { widest: "name" } },
    [RULE]: {
      exemptions: [
        { urn: urnOf("site", undefined, WEBSITE), reason: "static site", since: "2026-11-01", expires: "2026-12-01" },
        { urn: "urn:pulumi:prod::**::logs", reason: "no approver" },
        { urn: urnOf("logs", undefined, WEBSITE), reason: "was to be fixed", expires: "2026-11-24" },
        { urn: "urn:pulumi:prod::website::**::data", reason: "locked since" },
      ],
    },
    [FLAGS]: "advisory",
    "s3-no-public-acl": { enforcementLevel: "disabled" },
  };

  it("knows who is exempt, what runs out soon, what has run out, and what nothing needs", async () => {
    const result = await auditOf({ a: website() }, { config });
    expect(findingsOf(result).map(({ name, kind, message }) => [name, kind, message.split("\n").at(-1)])).to.deep.equal(
      [
        ["logs", "violation", "Its exemption breaks all.exemptionRules.widest, so that it doesn't hold: no approver"],
        ["site", "exempt", "Bucket 'site' can be opened to the public: no public access block targets it."],
      ],
    );
    const [site, wide, logs, data] = config[RULE].exemptions.map((each) => ({ policy: RULE, ...each }));
    const breaks = { rule: "exemptionRules.widest", why: "its URN doesn't spell out the project" };
    const broken = { ...wide, breaks };
    expect(result.exemptions).to.deep.equal({
      within: 30,
      expired: [logs],
      expiring: [site],
      broken: [broken],
      broadest: [{ ...broken, findings: 1 }],
      oldest: [
        { ...site, findings: 1 },
        { ...broken, findings: 1 },
      ],
      undated: 1,
      lasting: [{ ...broken, findings: 1 }],
      reaching: [],
      unused: [logs, data],
    });
    const { blocking, advisory, exempt } = totalsOf(result);
    expect({ blocking, advisory, exempt }).to.deep.equal({ blocking: 1, advisory: 0, exempt: 1 });
  });

  it("lists the five oldest that are in use, those of unknown age last, and counts these", async () => {
    const days = ["2026-11-03", "", "2026-11-01", "2026-10-31", "", "2026-11-02", "2025-12-31", "2020-01-01"];
    const exemptions = days.map((since, at) => ({ urn: urnOf(`b${at}`), reason: "r", ...(since && { since }) }));
    const buckets = days.slice(0, -1).map((_, at) => bucket(`b${at}`));
    const audit = await auditOf({ a: stackOf({}, ...buckets) }, { config: { [RULE]: { exemptions } } });
    const { title, rows = [] } = documentOf(audit).sections.find((each) => each.title.startsWith("Oldest")) ?? {};
    const listed = ["2025-12-31", "2026-10-31", "2026-11-01", "2026-11-02", "2026-11-03"];
    expect([title, ...rows.map((row) => row.at(-1))]).to.deep.equal([
      "Oldest exemptions; 2 exemptions of unknown age",
      ...listed.map((day) => `r (since ${day}) (it covers 1 finding)`),
    ]);
  });
});
