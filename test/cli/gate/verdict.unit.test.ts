import { basename } from "node:path";
import { expect } from "chai";
import { readEvent } from "../../../cli/gate/events";
import { type Json, UnreadableError } from "../../../cli/gate/output";
import { isRequired, report } from "../../../cli/gate/verdict";
import type { Report } from "../../../cli/report/report";
import { blankState } from "../report/builders";
import { rowsOf } from "../../testdata";

const BUCKET = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket";
// The positions are this file's own: it is there, and in a repository.
const HERE = basename(__filename);
const read = (log: readonly Json[]) => log.flatMap((event) => readEvent(event) ?? []);
const ROOTS = { project: __dirname, repository: __dirname, manifest: "Pulumi.yaml" };

interface Case {
  readonly violations?: readonly (Json & { name?: string })[];
  readonly events?: readonly Json[];
  readonly answers?: readonly string[];
  readonly packs?: Json | null;
  readonly exitCode?: number;
  readonly asked?: number;
  /** The lines on which resources are made. */
  readonly lines?: Readonly<Record<string, number>>;
  readonly verdict: Report["verdict"] | "unreadable";
  readonly problems?: readonly string[];
  readonly findings?: readonly Json[];
  readonly loaded?: Report["packs"];
  readonly policies?: Report["policies"];
  readonly remediations?: Report["remediations"];
}

const violation = ({ name = "data", ...changes }: Json & { name?: string }): Json => ({
  policyEvent: {
    ...{ resourceUrn: `${BUCKET}::${name}`, message: "open\n", policyName: "no-open-bucket" },
    ...{ policyPackName: "demo", enforcementLevel: "mandatory", ...changes },
  },
});
const answer = (policyPackName: string): Json => ({ policyAnalyzeStackSummaryEvent: { policyPackName } });

function reportOf(given: Case): Report {
  const { violations = [], events = [], answers = ["demo"], exitCode = 0, asked = 1, lines = {} } = given;
  const { packs: PolicyPacks = { "demo|local|/packs/demo": "1.2.3" } } = given;
  const summary = PolicyPacks === null ? [] : [{ summaryEvent: { PolicyPacks } }];
  const log = read([...violations.map(violation), ...events, ...answers.map(answer), ...summary]);
  const urns = violations.map((each) => (violation(each).policyEvent as { resourceUrn: string }).resourceUrn);
  const steps = Object.entries(lines).map(([name, line]) => ({
    ...{ op: "create", urn: urns.find((urn) => urn.endsWith(`Bucket::${name}`)) ?? "", changes: [] },
    ...{ after: blankState(), frames: [`project:///${HERE}#${line},1`] },
  }));
  return report({ events: log, steps, exitCode }, asked, "dev", ROOTS);
}

describe("the verdict on a preview", () => {
  for (const [title, rows] of rowsOf("preview/verdicts.yaml") as [string, Case[]][])
    it(`is ${rows[0]?.verdict ?? ""}: ${title}`, () => {
      rows.forEach(check);
    });

  it("is the organization's where it requires this package's pack, which a local copy isn't", () => {
    const own = "s3-public-access-block";
    const required = [{ [own]: "1" }, { [`${own}|local|/p`]: "1" }, { demo: "1" }, {}].map((PolicyPacks) =>
      isRequired(read([{ summaryEvent: { PolicyPacks } }])),
    );
    expect(required).to.deep.equal([true, false, false, false]);
  });

  it("counts the buckets that stay, where this package's own policy evaluated the stack", () => {
    const step = (op: string, name: string, changes: object = {}) => ({
      ...{ op, urn: `${BUCKET}::${name}`, frames: [], changes: [] },
      [op === "delete" ? "before" : "after"]: blankState({ id: name, provider: "aws::1", ...changes }),
    });
    const steps = [
      ...[step("create", "new"), step("same", "kept"), step("delete", "gone")],
      ...[step("read", "read", { external: true }), step("same", "component", { provider: "" })],
    ];
    const counted = (...passed: string[]) => {
      const answers = { policyAnalyzeStackSummaryEvent: { policyPackName: "s3-public-access-block", passed } };
      return report({ steps, events: read([answers]), exitCode: 0 }, 1, "dev", ROOTS).buckets;
    };
    expect([counted("s3-bucket-public-access-block"), counted("s3-no-public-acl")]).to.deep.equal([2, undefined]);
  });
});

function check(given: Case): void {
  if (given.verdict === "unreadable") {
    expect(() => reportOf(given)).to.throw(UnreadableError);
    return;
  }
  const made = reportOf(given);
  const { verdict, problems = verdict === "failed" ? made.problems : [], findings } = given;
  expect([made.verdict, ...made.problems]).to.deep.equal([verdict, ...problems]);
  if (findings !== undefined) {
    const facts = made.findings.map((finding, at): Json => {
      const { position, ...rest } = finding;
      if (position !== undefined) expect([position.file, position.column]).to.deep.equal([HERE, 1]);
      const all: Json = { ...rest, line: position?.line };
      return Object.fromEntries(Object.keys(findings[at] ?? {}).map((key) => [key, all[key] ?? null]));
    });
    expect(facts).to.deep.equal(findings);
  }
  const { loaded = made.packs, policies = made.policies, remediations = made.remediations } = given;
  expect({ loaded, policies, remediations }).to.deep.equal({
    ...{ loaded: made.packs, policies: made.policies, remediations: made.remediations },
  });
}
