import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compared } from "../../../cli/audit/compare";
import { annotations } from "../../../cli/report/annotations";
import { rendered } from "../../../cli/report/deliver";
import { AUDIT_FORMATS, FORMATS } from "../../../cli/report/formats";
import { together } from "../../../cli/report/groups";
import { auditLog, logOf, type Line } from "../../../cli/report/log";
import { shown } from "../../../cli/report/message";
import type { Report } from "../../../cli/report/report";
import { read } from "../../../policypack/findings/text";
import { toEdit } from "../../../cli/source/edit";
import { auditOf, formerOf, stackOf, WEBSITE, website, withOwners } from "../audit/audits";
import { block, bucket, urnOf } from "../audit/states";
import { IN_S3 } from "../live/worlds";
import { audited, blocked, clean, numbered, RUN, violation, violationNowhere, written } from "./builders";
import { junitSuites } from "./junit-reader";
import { jsonErrors, ocsfErrors, rdjsonErrors, schemaErrors } from "./read";

/*
 * One rich report in each format, as a reader gets it: test/testdata/report. UPDATE_GOLDEN=true writes the files anew.
 */

const FOLDER = join(__dirname, "../../testdata/report");
const { pack, policy, urn, type, name } = violation();

const BLOCKED = blocked(
  [
    violation({
      message: "The bucket is open:\n  all is false\nAdd:\n    new Block({});\nOr be exempt.",
      problem: "The bucket is open:\n  all is false\nAdd:",
      fix: "new Block({\n    all: true,\n});",
      more: "Or be exempt.",
      edits: [toEdit("infra/index.ts", "one\ntwo\nthree\n", [{ from: 3, to: 3, text: "\nblock" }])],
    }),
    ...[4, 5, 6].map((at) =>
      numbered(at, { problem: `Bucket 'b${at}' is open.`, position: { file: "loop.ts", line: 3 } }),
    ),
    numbered(7, { policy: "no-public-acl", severity: "critical", position: { file: "infra/index.ts", line: 8 } }),
    violationNowhere({ kind: "unverified", message: "It can't be verified.", problem: "It can't be verified." }),
    numbered(2, { blocks: false, kind: "unverified" }),
    numbered(3, { blocks: false, severity: "low" }),
    numbered(9, { kind: "exempt", blocks: false, problem: "Exempt until 2027-03-31: static site" }),
  ],
  {
    notes: ["the preview was partial"],
    packs: [
      { name: "demo", version: "2.0.0", isRequired: true },
      { name: "mine", version: "" },
    ],
    policies: [
      { pack, policy },
      { pack, policy: "tags" },
    ],
    remediations: [{ pack, policy, urn, type, name }],
  },
);
/** What this package's own policy says of the buckets of a loop, of which one is exempt. */
const LOOP: Report = (() => {
  const [pack, policy] = ["s3-public-access-block", "s3-bucket-public-access-block"];
  const text = (at: number): string => `Bucket 'b${at}' can be opened to the public: no public access block targets it.
Add one:
      new aws.s3.BucketPublicAccessBlock(\`\${name}-access-block\`, {
          bucket: bucket.id,
          blockPublicAcls: true,
          ignorePublicAcls: true,
          blockPublicPolicy: true,
          restrictPublicBuckets: true,
      });
If it must be public, exempt it with a reason, in --policy-pack-config or the organization's policy group: {"${policy}": {"exemptions": [{"urn": "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b${at}", "reason": ""}]}}`;
  const exempt =
    "Exempt until 2027-02-28: press kit\nBucket 'b40' can be opened to the public: no public access block targets it.";
  const findings = Array.from({ length: 41 }, (_, at) => {
    const said = shown(read(at === 40 ? exempt : text(at)));
    const edits = [toEdit("index.ts", "one\n", [{ from: 3, to: 3, text: "\nblock" }])];
    const where = { pack, policy, position: { file: "index.ts", line: 3, column: 5 } };
    return numbered(at, { ...where, ...said, ...(at === 40 ? { blocks: false } : { edits }) });
  });
  return blocked(findings, { buckets: 42, packs: [{ name: pack, version: "1.2.3" }] });
})();

const PASSED = { ...clean(), stack: "prod", manifest: "web/Pulumi.yaml" };
const ADVISED = blocked([numbered(1, { blocks: false })], { verdict: "passed", notes: ["the preview was partial"] });
const FAILED = blocked([], { stack: "test", verdict: "failed", packs: [], problems: ["interrupted", "and so"] });

/** What each stack alone looks like, and several at once. */
const GATES = { blocked: [BLOCKED], passed: [ADVISED], failed: [FAILED], stacks: [BLOCKED, PASSED, FAILED] };
const CONTEXT = {
  ...RUN,
  product: { version: "1.2.3", homepage: "https://example.com/", sources: "https://git.example/a/b/blob/HEAD" },
};
const ENDINGS: Readonly<Record<string, string>> = {
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

const CALLS = {
  ...{ program: "npx @acme/pack", isExemptable: true },
  stacks: Array.from({ length: 9 }, () => "--stack dev"),
};

describe("the reports of a preview", () => {
  for (const [title, reports] of Object.entries(GATES))
    it(`are as expected in every format: ${title}`, () => {
      for (const format of FORMATS) {
        const text = rendered(format, reports, CONTEXT);
        if (text !== undefined) expectGolden(`${title}.${ENDINGS[format.name] ?? `${format.name}.json`}`, text);
      }
      expectGolden(`${title}.txt`, styled(logOf(reports, CALLS)));
      expectGolden(`${title}.annotations.txt`, `${annotations(together(reports)).join("\n")}\n`);
    });

  it("show the 40 buckets of a loop once: in the log in no more than 25 lines, with each name", () => {
    const log = styled(logOf([LOOP], CALLS));
    expectGolden("loop.txt", log);
    expectGolden("loop.md", written("summary", LOOP));
    expect(log.split("\n").length).to.be.at.most(25);
    expect(log.match(/'b\d+'/g)).to.include.members(Array.from({ length: 40 }, (_, at) => `'b${at}'`));
  });

  it("are valid by the schema of their format", () => {
    const checks: Readonly<Record<string, (text: string) => unknown>> = {
      json: (text) => jsonErrors(JSON.parse(text)),
      sarif: (text) => schemaErrors(JSON.parse(text)),
      rdjson: (text) => rdjsonErrors(JSON.parse(text)),
      ocsf: (text) => ocsfErrors(JSON.parse(text)),
      junit: (text) => (junitSuites(text), []),
    };
    for (const reports of Object.values(GATES))
      for (const format of FORMATS) {
        const text = rendered(format, reports, CONTEXT);
        if (text !== undefined) expect(checks[format.name]?.(text) ?? [], format.name).to.deep.equal([]);
      }
  });
});

describe("the reports of an audit", () => {
  const rule = "s3-bucket-public-access-block";
  const config = {
    [rule]: {
      contact: "#storage",
      exemptions: [
        { urn: urnOf("logs", undefined, WEBSITE), reason: "reviewed", since: "2026-09-01", expires: "2026-12-01" },
        { urn: urnOf("old", undefined, WEBSITE), reason: "was to be fixed", expires: "2026-11-01" },
        { urn: "urn:gone", reason: "was needed" },
      ],
    },
    "s3-public-access-block-flags": "advisory",
  };
  const states = {
    "acme/website/prod": website(),
    "acme/lake/dev": stackOf({ project: "lake" }, bucket("one"), bucket("two")),
    "acme/shop/dev": stackOf({}),
    broken: "{",
  };

  it("are as expected in every format", async () => {
    const audit = await auditOf(states, { config, change: { configFile: "s3-public-access-block.json" } });
    expectGolden("audit.txt", styled(auditLog(audit)));
    for (const { name, render } of AUDIT_FORMATS)
      expectGolden(`audit.${ENDINGS[name] ?? name}`, render(audit.reports, { ...CONTEXT, audit }));
    expect(ocsfErrors(JSON.parse(audited("ocsf", audit)))).to.deep.equal([]);
  });

  it("are as expected in every format where S3 was asked, too", async () => {
    const audit = await auditOf(
      { ...states, "acme/safe/dev": stackOf({ project: "safe" }, bucket("safe"), block("lock", "safe")) },
      { config, change: IN_S3 },
    );
    expectGolden("audit-live.txt", styled(auditLog(audit)));
    for (const { name, render } of AUDIT_FORMATS)
      expectGolden(`audit-live.${ENDINGS[name] ?? name}`, render(audit.reports, { ...CONTEXT, audit }));
  });

  it("are as expected in every format by owner, and since an earlier one", async () => {
    const lake = stackOf({ project: "lake" }, bucket("one"), bucket("new"), bucket("two"), block("l", "two"));
    const former = await auditOf({ ...states, broken: stackOf({}, bucket("b")) });
    const formers = ["2026-09-01", "2026-10-01"].map((date) => formerOf(former, date));
    const whole = withOwners(await auditOf({ ...states, "acme/lake/dev": lake }, { config }), (stack, name) =>
      stack.includes("website") ? "web" : name === "new" ? "@acme/lake" : undefined,
    );
    const audit = compared(whole, formers, () => false);
    expectGolden("audit-owners.txt", styled(auditLog(audit)));
    expect(ocsfErrors(JSON.parse(audited("ocsf", audit)))).to.deep.equal([]);
    for (const { name, render } of AUDIT_FORMATS)
      expectGolden(`audit-owners.${ENDINGS[name] ?? name}`, render(audit.reports, { ...CONTEXT, audit }));
  });

  it("pass where nothing blocks", async () => {
    const audit = await auditOf({ "acme/shop/dev": stackOf({}) });
    expectGolden("audit-passed.txt", styled(auditLog(audit)));
    expectGolden("audit-passed.md", audited("summary", audit));
  });
});
