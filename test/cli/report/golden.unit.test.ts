import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compared } from "../../../cli/audit/compare";
import { annotations } from "../../../cli/report/annotations";
import { rendered } from "../../../cli/report/deliver";
import { AUDIT_FORMATS, FORMATS } from "../../../cli/report/formats";
import { together } from "../../../cli/report/groups";
import { auditLog, logOf, type Line } from "../../../cli/report/log";
import type { Audit } from "../../../cli/report/audit";
import type { Report } from "../../../cli/report/report";
import { auditOf, formerOf, stackOf, website, withOwners } from "../audit/audits";
import { block, bucket } from "../audit/states";
import { IN_S3 } from "../live/worlds";
import { audited, blocked, findingsIn, RUN, type WrittenFinding, written } from "./builders";
import { junitSuites } from "./junit-reader";
import { jsonErrors, ocsfErrors, rdjsonErrors, schemaErrors } from "./read";
import { testdata } from "../../testdata";

/*
 * One rich report in each format, as a reader gets it: test/testdata/report. UPDATE_GOLDEN=true writes the files anew.
 */

const FOLDER = join(__dirname, "../../testdata/report");
type Written = Partial<Report> & { findings?: readonly WrittenFinding[] };
const { gates, loop, config } = testdata("report/golden.yaml") as {
  gates: Record<string, Written[]>;
  loop: Written;
  config: object;
};
const reportOf = ({ findings = [], ...changes }: Written): Report => blocked(findingsIn(findings), changes);
const GATES = Object.entries(gates).map(([title, reports]) => [title, reports.map(reportOf)] as const);

const CONTEXT = {
  ...RUN,
  product: { version: "1.2.3", homepage: "https://example.com/", sources: "https://git.example/a/b/blob/HEAD" },
};
const ENDINGS: Record<string, string> = {
  summary: "md",
  junit: "xml",
  sarif: "sarif.json",
  json: "json",
  ocsf: "ocsf.json",
};

const styled = (lines: readonly Line[]): string =>
  lines.map(({ text, style }) => `${(style ?? "").padEnd(6)} ${text}\n`).join("");

function expectGolden(file: string, text: string): void {
  const path = join(FOLDER, file);
  if (process.env.UPDATE_GOLDEN === "true") writeFileSync(path, text);
  expect(existsSync(path), `there is no ${file}: run with UPDATE_GOLDEN=true`).to.equal(true);
  expect(text, file).to.equal(readFileSync(path, "utf8"));
}

function expectAudit(name: string, audit: Audit): void {
  expectGolden(`${name}.txt`, styled(auditLog(audit)));
  for (const { name: format, render } of AUDIT_FORMATS)
    expectGolden(`${name}.${ENDINGS[format] ?? format}`, render(audit.reports, { ...CONTEXT, audit }));
}

const CALLS = {
  ...{ program: "npx @acme/pack", isExemptable: true },
  stacks: Array.from({ length: 9 }, () => "--stack dev"),
};

describe("the reports of a preview", () => {
  for (const [title, reports] of GATES)
    it(`are as expected in every format: ${title}`, () => {
      for (const format of FORMATS) {
        const text = rendered(format, reports, CONTEXT);
        if (text !== undefined) expectGolden(`${title}.${ENDINGS[format.name] ?? `${format.name}.json`}`, text);
      }
      expectGolden(`${title}.txt`, styled(logOf(reports, CALLS)));
      expectGolden(`${title}.annotations.txt`, `${annotations(together(reports)).join("\n")}\n`);
    });

  it("show the 40 buckets of a loop once: in the log in no more than 25 lines, with each name", () => {
    const report = reportOf(loop);
    const log = styled(logOf([report], CALLS));
    expectGolden("loop.txt", log);
    expectGolden("loop.md", written("summary", report));
    expect(log.split("\n").length).to.be.at.most(25);
    expect(log.match(/'b\d+'/g)).to.include.members(Array.from({ length: 40 }, (_, at) => `'b${at + 1}'`));
  });

  it("are valid by the schema of their format", () => {
    const checks: Readonly<Record<string, (text: string) => unknown>> = {
      json: (text) => jsonErrors(JSON.parse(text)),
      sarif: (text) => schemaErrors(JSON.parse(text)),
      rdjson: (text) => rdjsonErrors(JSON.parse(text)),
      ocsf: (text) => ocsfErrors(JSON.parse(text)),
      junit: (text) => (junitSuites(text), []),
    };
    for (const [, reports] of GATES)
      for (const format of FORMATS) {
        const text = rendered(format, reports, CONTEXT);
        if (text !== undefined) expect(checks[format.name]?.(text) ?? [], format.name).to.deep.equal([]);
      }
  });
});

describe("the reports of an audit", () => {
  const states = {
    "acme/website/prod": website(),
    "acme/lake/dev": stackOf({ project: "lake" }, bucket("one"), bucket("two")),
    "acme/shop/dev": stackOf({}),
    broken: "{",
  };

  it("are as expected in every format", async () => {
    const audit = await auditOf(states, { config, change: { configFile: "s3-public-access-block.json" } });
    expectAudit("audit", audit);
    expect(ocsfErrors(JSON.parse(audited("ocsf", audit)))).to.deep.equal([]);
  });

  it("are as expected in every format where S3 was asked, too", async () => {
    const audit = await auditOf(
      { ...states, "acme/safe/dev": stackOf({ project: "safe" }, bucket("safe"), block("lock", "safe")) },
      { config, change: IN_S3 },
    );
    expectAudit("audit-live", audit);
  });

  it("are as expected in every format by owner, and since an earlier one", async () => {
    const lake = stackOf({ project: "lake" }, bucket("one"), bucket("new"), bucket("two"), block("l", "two"));
    const former = await auditOf({ ...states, broken: stackOf({}, bucket("b")) });
    const formers = ["2026-09-01", "2026-10-01"].map((date) => formerOf(former, date));
    const whole = withOwners(await auditOf({ ...states, "acme/lake/dev": lake }, { config }), (stack, name) =>
      stack.includes("website") ? "web" : name === "new" ? "@acme/lake" : undefined,
    );
    const audit = compared(whole, formers, () => false);
    expectAudit("audit-owners", audit);
    expect(ocsfErrors(JSON.parse(audited("ocsf", audit)))).to.deep.equal([]);
  });

  it("pass where nothing blocks", async () => {
    const audit = await auditOf({ "acme/shop/dev": stackOf({}) });
    expectGolden("audit-passed.txt", styled(auditLog(audit)));
    expectGolden("audit-passed.md", audited("summary", audit));
  });
});
