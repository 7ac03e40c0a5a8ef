import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { expect } from "chai";
import { SaxesParser } from "saxes";
import { compared } from "../../../cli/audit/compare";
import type { Audit } from "../../../cli/report/audit";
import { auditLog } from "../../../cli/report/log";
import { lines } from "../../../cli/report/neutral";
import type { Position } from "../../../cli/report/report";
import { auditOf, formerOf, stackOf, website, WEBSITE, withOwners } from "../audit/audits";
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
/** With owners, and compared with one like it. */
const full = async (): Promise<Audit> => {
  const audit = await auditOf(
    { "acme/website/prod": website(), "acme/shop/dev": stackOf({}), broken: "{" },
    { config: { all: { enforcementLevel: "mandatory", exemptionRules: { maxDays: 90 } }, [RULE]: { exemptions } } },
  );
  const whole = withOwners(audit, () => "web");
  return compared(whole, [formerOf(whole)], () => false);
};

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
  parser.write(document.replace("<!doctype html>", "")).close();
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
    const page = audited("html", await hostile());
    expect([page.match(/<script/g)?.length, page.match(/<img|<a /g)]).to.deep.equal([1, null]);
    expect(parsed(page).text).to.include('</td><script>alert("1")</script>');
    const markdown = audited("summary", await hostile());
    expect(markdown).to.not.match(/<script|\[x\]|@me/);
    expect(markdown).to.not.include(ESCAPE);
  });

  it("are as a page well-formed, load nothing, and run nothing but the page's own script", async () => {
    const document = audited("html", await full());
    const { names, attributes } = parsed(document);
    expect(names).to.include.members(["table", "figure", "pre"]).and.not.include.members(["link", "img"]);
    const ofCurve = ["points", "role", "scope", "viewBox"];
    expect(attributes).to.deep.equal(["charset", "class", "content", "http-equiv", "lang", "name", ...ofCurve]);
    expect(document).to.not.match(/https?:|url\(|@import/);
    const hashes = ["style", "script"].map((tag) => {
      const [, text = ""] = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(document) ?? [];
      return `${tag}-src &#39;sha256-${createHash("sha256").update(text).digest("base64")}&#39;`;
    });
    expect(document).to.include(`content="default-src &#39;none&#39;; ${hashes.join("; ")}" />`);
  });

  it("have one row for each line of a stack's program, with a link where its repository is known", async () => {
    const place = { sourcePosition: "project:///index.ts#5,1" };
    const all = [...["b10", "b2", "b1"].map((name) => bucket(name, place)), bucket("else")];
    const audit = await auditOf({ "acme/shop/dev": stackOf({}, ...all) });
    const link = ({ file, line }: Position, urn: string) => `https://x/${urn.split("::")[1] ?? ""}/${file}#L${line}`;
    const [page, text] = (["html", "summary"] as const).map((format) => audited(format, audit, link));
    for (const report of [page, text]) {
      expect(report?.match(/href="([^"]*)"/g)).to.have.length(1);
      expect(report)
        .to.match(/href="https(:|&#58;)\/\/x\/shop\/index.ts(#|&#35;)L5"/)
        .and.to.contain("(4)");
    }
    const urns = page?.match(/<small class="urn">[^]*?<\/small>/g) ?? [];
    expect(urns.map((each) => /\w+(?=<\/small>)/.exec(each)?.[0])).to.deep.equal(["b1", "b2", "b10", "else"]);
    expect(text).to.contain("The same for <code>b2</code>, <code>b10</code>.");
    const lines = auditLog(audit).map((line) => line.text);
    expect(lines).to.include.members([
      "  - acme/shop/dev  3 × urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b1  index.ts:5:1",
      "      The same for 'b2', 'b10'.",
    ]);
  });

  it("are as JSON like the schema says, with every key that it knows in one report or another", async () => {
    const lake = { project: "lake", stack: "prod" };
    const elsewhere = {
      "acme/lake/prod": stackOf(lake, bucket("raw", {}, lake)),
      "acme/locks/prod": stackOf({}, block("lock", "raw", {}, { dependencies: [], propertyDependencies: {} })),
    };
    const configured = { config: {}, change: { configFile: "s3-public-access-block.json" } };
    const audits = [
      await full(),
      await auditOf(elsewhere, configured),
      await auditOf({ a: website() }, { change: IN_S3 }),
    ];
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
