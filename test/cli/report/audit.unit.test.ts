import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { expect } from "chai";
import { SaxesParser } from "saxes";
import type { Audit } from "../../../cli/report/audit";
import { auditLog } from "../../../cli/report/log";
import { lines } from "../../../cli/report/neutral";
import { auditOf, stackOf, website, WEBSITE } from "../audit/audits";
import { block, bucket, urnOf } from "../audit/states";
import { IN_S3 } from "../live/worlds";
import { audited } from "./builders";

// What a whole report looks like is in test/testdata/report.

const RULE = "s3-bucket-public-access-block";
const exemptions = [
  { urn: urnOf("logs", undefined, WEBSITE), reason: "reviewed", expires: "2026-12-01" },
  { urn: "urn:gone", reason: "was needed" },
  { urn: "urn:pulumi:prod::website::**::site", reason: "for good", approvedBy: "@acme/website" },
];
const full = (): Promise<Audit> =>
  auditOf(
    { "acme/website/prod": website(), "acme/shop/dev": stackOf({}), broken: "{" },
    { config: { all: { enforcementLevel: "mandatory", exemptionRules: { maxDays: 90 } }, [RULE]: { exemptions } } },
  );

const ESCAPE = "\u001b";
/** Names that would break out of a format that doesn't escape them. */
const HOSTILE = `</td><script>alert("1")</script>\`|*_[x](http://evil)@me\u001b[31m\n::error::x##[error]x`;
const hostile = (): Promise<Audit> => auditOf({ [HOSTILE]: stackOf({}, bucket(HOSTILE)), [`=${HOSTILE}`]: HOSTILE });

/** The elements of a document, and its text, once a strict parser has found it well-formed. */
function parsed(document: string): { names: string[]; attributes: string[]; text: string } {
  const parser = new SaxesParser();
  const [names, attributes]: [Set<string>, Set<string>] = [new Set(), new Set()];
  let all = "";
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes: given }) => {
    names.add(name);
    for (const key of Object.keys(given)) attributes.add(key);
  });
  parser.on("text", (part) => (all += part));
  parser.write(document).close();
  return { names: [...names].sort(), attributes: [...attributes].sort(), text: all };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
const SCHEMA = JSON.parse(readFileSync(join(__dirname, "../../../docs/audit.schema.json"), "utf8")) as Schema;

/** The keys that a schema knows, at any depth. */
const namedIn = ({ properties = {}, items = {} }: Schema): string[] => [
  ...Object.keys(properties),
  ...[...Object.values(properties), ...(Object.keys(items).length > 0 ? [items] : [])].flatMap(namedIn),
];

describe("the reports of an audit, whatever a program names,", () => {
  it("print no line that a job's log takes for a command, and no colors", async () => {
    const said = auditLog(await hostile()).map((line) => line.text);
    expect(said.filter((line) => line.includes("\n"))).to.deep.equal([]);
    const printed = said.flatMap(lines);
    expect(printed.filter((line) => /^\s*::|##\[|\n/.test(line) || line.includes(ESCAPE))).to.deep.equal([]);
  });

  it("have in HTML and Markdown no markup from names", async () => {
    const { names, text: shown } = parsed(audited("html", await hostile()));
    expect(names).to.not.include("script");
    expect(shown).to.include('</td><script>alert("1")</script>');
    const markdown = audited("summary", await hostile());
    expect(markdown).to.not.match(/<script|\[x\]|@me/);
    expect(markdown).to.not.include(ESCAPE);
  });

  it("are as a page well-formed, load nothing and run nothing", async () => {
    const document = audited("html", await full());
    const { names, attributes } = parsed(document);
    expect(names).to.include.members(["table", "figure", "pre"]).and.not.include.members(["script", "link", "img"]);
    expect(attributes).to.deep.equal(["charset", "class", "content", "lang", "name", "scope"]);
    expect(document).to.not.match(/https?:|url\(|@import/);
  });

  it("are as JSON like the schema says, with every key that it knows in one report or another", async () => {
    const lake = { project: "lake", stack: "prod" };
    const elsewhere = {
      "acme/lake/prod": stackOf(lake, bucket("raw", {}, lake)),
      "acme/locks/prod": stackOf({}, block("lock", "raw", {}, { dependencies: [], propertyDependencies: {} })),
    };
    const audits = [await full(), await auditOf(elsewhere), await auditOf({ a: website() }, { change: IN_S3 })];
    const reports = audits.map((each) => JSON.parse(audited("json", each)) as unknown);
    const isReport = new Ajv({ strict: false }).compile(SCHEMA);
    expect(reports.map((report) => (isReport(report) ? [] : isReport.errors))).to.deep.equal([[], [], []]);
    const keysOf = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, each]) => [key, ...keysOf(each)]);
    const written = new Set(keysOf(reports));
    expect(namedIn(SCHEMA).filter((key) => !written.has(key))).to.deep.equal([]);
  });

  it("have in CSV quotes around what has a comma, a quote or a line in it", async () => {
    const result = await auditOf({ '=cmd|"x",\ny': stackOf({}, bucket("@SUM(1)"), bucket("a,b")) });
    const names = audited("csv", result)
      .split("\r\n")
      .slice(1, 3)
      .map((row) => row.replace(`,blocking,${RULE},high,`, " ").split(",aws:")[0]);
    expect(names).to.deep.equal(['"\'=cmd|""x"",\ny" \'@SUM(1)', '"\'=cmd|""x"",\ny" "a,b"']);
  });

  it("have in CSV no formula, in any locale and with any list separator", async () => {
    const formulas = ["=", "+", "-", "@", "＝", "＋", "－", "＠"].flatMap((start) =>
      ["", ";", "a;", "a\t", "a\n", "\t", "\r", 'a; "', ";\u200b", ';"" '].map((before) => `${before}${start}1+1`),
    );
    const text = audited("csv", await auditOf({ a: stackOf({}, ...formulas.map((name) => bucket(name))) }));
    const cells = [",", ";", "\t"].flatMap((separator) => text.split(/\r\n|\n/).flatMap((row) => row.split(separator)));
    expect(cells.filter((each) => /^[\s"\u200b]*[=+\-@＝＋－＠]/.test(each))).to.deep.equal([]);
    expect(text.match(/'/g)?.length).to.be.greaterThan(formulas.length);
  });
});
