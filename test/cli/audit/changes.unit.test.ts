import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compared, type Former, formersOf } from "../../../cli/audit/compare";
import { codeowners } from "../../../cli/audit/owners";
import { splitByOwner } from "../../../cli/audit/split";
import { exitCodeOf, openings } from "../../../cli/report/audit";
import { audited } from "../report/builders";
import { tempFolder } from "../../temp-folder";
import { auditOf, casesIn, formerOf, stackOf, statesOf, withOwners, type WrittenStacks } from "./audits";
import { bucket } from "./states";

interface Case extends Record<"then" | "now", WrittenStacks> {
  readonly before?: object;
  readonly config?: object;
  readonly says: string;
  readonly changes: readonly string[];
  readonly blocks?: boolean;
}
const DAY = "2026-10-01";

describe("An audit that is compared with an earlier one", () => {
  for (const [title, { then, now, before, config = {}, says, changes, blocks = false }] of Object.entries(
    casesIn("changes.yaml") as Record<string, Case>,
  ))
    it(title, async () => {
      const earlier = await auditOf(statesOf(then), { ...(before && { config: before }) });
      const isOff = (policy: string): boolean => (config as Record<string, unknown>)[policy] === "disabled";
      const audit = compared(await auditOf(statesOf(now), { config }), [formerOf(earlier)], isOff);
      const found = audit.comparison?.changes.map(({ change, name }) => `${change} ${name}`);
      expect([openings(audit), found]).to.deep.equal([[says], changes]);
      const unread = Object.values(now).includes("{");
      expect(exitCodeOf({ ...audit, newOnly: true })).to.equal(unread ? 2 : Number(blocks));
    });

  it("knows of S3 only what S3 was asked, and takes its word on a bucket for the same finding", async () => {
    const whole = await auditOf({ a: stackOf({}, bucket("a")) });
    const inS3 = { policy: "s3-live-public-access-block", live: { word: "not known", details: [] } } as const;
    const [report] = whole.reports;
    const unsaid = {
      ...whole,
      reports: report ? [{ ...report, findings: report.findings.map((each) => ({ ...each, ...inS3 })) }] : [],
    };
    const formerly = (change: object): Former => {
      const { findings, ...former } = formerOf(whole);
      return { ...former, findings: findings.map((each) => ({ ...each, ...change })) };
    };
    const [drifted, unknown] = [formerly({ policy: inS3.policy }), formerly({ open: false })];
    const none = await auditOf({ a: stackOf({}) });
    const cases = [
      [whole, drifted, "still open"],
      [none, drifted, "not known"],
      [unsaid, drifted, "not known"],
      [whole, unknown, "new"],
    ] as const;
    for (const [audit, former, change] of cases)
      expect(compared(audit, [former], () => false).comparison?.changes.map((each) => each.change)).to.deep.equal([
        change,
      ]);
  });

  it("is refused where the two have nothing in common", async () => {
    const [acme, beta] = [
      await auditOf({ "acme/a/dev": stackOf({}, bucket("a")) }),
      await auditOf({ "beta/b/dev": stackOf({}) }),
    ];
    expect(() => compared(beta, [formerOf(acme)], () => false)).to.throw(
      "This audit has none of the stacks of the report of 2026-10-01, such as acme/a/dev. Is that of another organization",
    );
  });

  it("refuses what it can't compare with, by name", async () => {
    const folder = tempFolder("history");
    const write = (file: string, text: string): void => {
      writeFileSync(join(folder, file), text);
    };
    const report = JSON.parse(audited("json", await auditOf({ a: stackOf({}, bucket("a")) }))) as Former;
    const numbered = { ...report, findings: report.findings.map((each) => ({ ...each, owner: 1 })) };
    const unlike = "it is no report of s3-public-access-block audit --json";
    const files: Record<string, [text: string | undefined, why: string]> = {
      "gone.json": [undefined, "there is no such file"],
      "text.json": ["text", unlike],
      "preview.json": ['{"version": 1, "tool": {}, "stacks": []}', unlike],
      "owner.json": [JSON.stringify(numbered), unlike],
      "next.json": ['{"version": 2}', "it is of version 2 of the report, and this release reads 1"],
    };
    for (const [file, [text, why]] of Object.entries(files)) {
      if (text !== undefined) write(file, text);
      const options = { compare: join(folder, file), history: undefined };
      expect(() => formersOf(options, DAY), file).to.throw(`${options.compare} can't be compared with: ${why}`);
    }
    const history = { compare: undefined, history: folder };
    expect(() => formersOf({ ...history, history: join(folder, "no") }, DAY)).to.throw(
      /^there is no folder \S+no: make it/,
    );
    expect(() => formersOf(history, DAY)).to.throw(
      /^there is no audit-YYYY-MM-DD\.json in .*--json \S+audit-2026-10-01\.json$/,
    );
    for (const date of ["2026-09-02", DAY, "2026-09-01"])
      write(`audit-${date}.json`, JSON.stringify({ ...report, date }));
    expect(formersOf(history, DAY).map(({ date }) => date)).to.deep.equal(["2026-09-01", "2026-09-02"]);
    mkdirSync(join(folder, "today"));
    write(`today/audit-${DAY}.json`, JSON.stringify({ ...report, date: DAY }));
    expect(formersOf({ ...history, history: join(folder, "today") }, DAY)).to.have.length(1);
  });

  it("has for each owner a report of what is theirs, in a file of its own", async () => {
    const owners = [undefined, "web", "Web", "../../etc/passwd", "a/b", "a b", "CON", "."];
    const states = Object.fromEntries(owners.map((_, at) => [`s${at}`, stackOf({}, bucket(`b${at}`))]));
    const owned = withOwners(await auditOf(states), (stack) => owners[Number(stack.slice(1))]);
    const files = splitByOwner(
      compared(owned, [formerOf(owned)], () => false),
      "/out",
      [],
    );
    const [, , { audit: { comparison } } = { audit: owned }] = files;
    expect(comparison?.changes.map(({ change, owner }) => `${change} ${owner ?? ""}`)).to.have.length(1);
    expect(comparison?.curve.filter(({ open }) => open > 0).map(({ date }) => date)).to.deep.equal([DAY, "2026-11-25"]);
    const names = files.map(({ file }) => file.replace(/\.[0-9a-f]{8}/, ".HASH"));
    const bases = ["audit", "owner-.HASH", "owner-etc-passwd.HASH", "owner-con.HASH", "owner-web.HASH"];
    const all = [...bases, "owner-a-b.HASH", "owner-a-b.HASH", "owner-web", "no-owner"].flatMap((base) =>
      ["html", "json"].map((ending) => `/out/${base}.${ending}`),
    );
    expect(names.sort()).to.deep.equal(all.sort());
    expect(new Set(files.map(({ file }) => file)).size).to.equal(all.length);
    const of = files.map((each) => each.audit.reports.map(({ stack, findings }) => [stack, findings.length]));
    expect(of.slice(2))
      .to.deep.include([["s1", 1]])
      .and.not.include([]);
  });
});

describe("CODEOWNERS", () => {
  it("are read as GitHub does", () => {
    for (const { lines, owners } of casesIn("codeowners.yaml") as {
      lines: string[];
      owners: Record<string, string | null>;
    }[]) {
      const ownerOf = codeowners(lines.join("\r\n"));
      const found = Object.keys(owners).map((path) => [path, ownerOf(path) ?? null]);
      expect(Object.fromEntries(found), lines.join()).to.deep.equal(owners);
    }
  });
});
