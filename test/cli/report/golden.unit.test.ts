import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { FORMATS as AUDIT_FORMATS } from "../../../cli/audit/formats";
import { text } from "../../../cli/audit/text";
import { annotations } from "../../../cli/report/annotations";
import { rendered } from "../../../cli/report/deliver";
import { FORMATS } from "../../../cli/report/formats";
import type { Line } from "../../../cli/report/log";
import { logOf, together } from "../../../cli/report/several";
import { toEdit } from "../../../cli/source/edit";
import { auditOf, stackOf, WEBSITE, website } from "../audit/audits";
import { bucket, urnOf } from "../audit/states";
import { blocked, clean, numbered, violation, violationNowhere } from "./builders";
import { jsonErrors } from "./json-schema";
import { junitSuites } from "./junit-reader";
import { rdjsonErrors } from "./rdjson-schema";
import { schemaErrors } from "./sarif-schema";

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
const PASSED = { ...clean(), stack: "prod", manifest: "web/Pulumi.yaml" };
const ADVISED = blocked([numbered(1, { blocks: false })], { verdict: "passed", notes: ["the preview was partial"] });
const FAILED = blocked([], { stack: "test", verdict: "failed", packs: [], problems: ["interrupted", "and so"] });

/** What each stack alone looks like, and several at once. */
const GATES = { blocked: [BLOCKED], passed: [ADVISED], failed: [FAILED], stacks: [BLOCKED, PASSED, FAILED] };
const CONTEXT = {
  product: { version: "1.2.3", homepage: "https://example.com/", sources: "https://git.example/a/b/blob/HEAD" },
  link: undefined,
};
const ENDINGS: Readonly<Record<string, string>> = { summary: "md", junit: "xml", sarif: "sarif.json", json: "json" };

const styled = (lines: readonly Line[]): string =>
  lines.map(({ text, style }) => `${(style ?? "").padEnd(6)} ${text}\n`).join("");

function expectGolden(file: string, written: string): void {
  const path = join(FOLDER, file);
  if (process.env.UPDATE_GOLDEN === "true") writeFileSync(path, written);
  expect(existsSync(path), `there is no ${file}: run with UPDATE_GOLDEN=true`).to.equal(true);
  expect(written, file).to.equal(readFileSync(path, "utf8"));
}

describe("the reports of a preview", () => {
  for (const [title, reports] of Object.entries(GATES))
    it(`are as expected in every format: ${title}`, () => {
      for (const format of FORMATS) {
        const text = rendered(format, reports, CONTEXT);
        if (text !== undefined) expectGolden(`${title}.${ENDINGS[format.name] ?? `${format.name}.json`}`, text);
      }
      expectGolden(`${title}.txt`, styled(logOf(reports)));
      expectGolden(`${title}.annotations.txt`, `${annotations(together(reports)).join("\n")}\n`);
    });

  it("are valid by the schema of their format", () => {
    const checks: Readonly<Record<string, (text: string) => unknown>> = {
      json: (written) => jsonErrors(JSON.parse(written)),
      sarif: (written) => schemaErrors(JSON.parse(written)),
      rdjson: (written) => rdjsonErrors(JSON.parse(written)),
      junit: (written) => (junitSuites(written), []),
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
        { urn: urnOf("logs", undefined, WEBSITE), reason: "reviewed", expires: "2026-12-01" },
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
    const audit = await auditOf(states, { config });
    expectGolden("audit.txt", styled(text(audit)));
    for (const { name, render } of AUDIT_FORMATS)
      expectGolden(`audit.${ENDINGS[name] ?? name}`, render(audit, CONTEXT.product));
  });

  it("pass where nothing blocks", async () => {
    const audit = await auditOf({ "acme/shop/dev": stackOf({}) });
    expectGolden("audit-passed.txt", styled(text(audit)));
    expectGolden("audit-passed.md", AUDIT_FORMATS[0].render(audit));
  });
});
