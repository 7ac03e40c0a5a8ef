import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import { expect } from "chai";
import { SaxesParser } from "saxes";
import { csv } from "../../../cli/audit/csv";
import { page } from "../../../cli/audit/html";
import { json } from "../../../cli/audit/json";
import { markdown } from "../../../cli/audit/markdown";
import { type Audit } from "../../../cli/audit/report";
import { lines } from "../../../cli/report/neutral";
import { ROOT } from "../../harness/engine/paths";
import { text } from "../../../cli/audit/text";
import { auditOf, stackOf, website, WEBSITE } from "./audits";
import { block, bucket, urnOf } from "./states";

const RULE = "s3-bucket-public-access-block";
const config = {
  [RULE]: {
    exemptions: [
      { urn: urnOf("logs", undefined, WEBSITE), reason: "reviewed", expires: "2026-12-01" },
      { urn: "urn:gone", reason: "was needed" },
    ],
  },
};
const full = (): Promise<Audit> =>
  auditOf({ "acme/website/prod": website(), "acme/shop/dev": stackOf({}), broken: "{" }, { config });

const ESCAPE = "\u001b";
/** Names that would break out of a format that doesn't escape them. */
const HOSTILE = `</td><script>alert("1")</script>\`|*_[x](http://evil)@me\u001b[31m\n::error::x##[error]x`;
const hostile = (): Promise<Audit> => auditOf({ [HOSTILE]: stackOf({}, bucket(HOSTILE)), [`=${HOSTILE}`]: HOSTILE });

describe("The report that is printed", () => {
  it("has no line that a job's log takes for a command, and no colors", async () => {
    const said = text(await hostile()).map((line) => line.text);
    expect(said.filter((line) => line.includes("\n"))).to.deep.equal([]);
    const printed = said.flatMap(lines);
    expect(printed.filter((line) => /^\s*::|##\[|\n/.test(line) || line.includes(ESCAPE))).to.deep.equal([]);
  });
});

describe("The page", () => {
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

  it("is well-formed, loads nothing and runs nothing", async () => {
    const document = page(await full());
    const { names, attributes } = parsed(document);
    expect(names).to.include.members(["table", "figure", "pre"]).and.not.include.members(["script", "link", "img"]);
    expect(attributes).to.deep.equal(["charset", "class", "content", "lang", "name", "scope"]);
    expect(document).to.not.match(/https?:|url\(|@import/);
  });

  it("shows names as they are, whatever they are", async () => {
    const { names, text: shown } = parsed(page(await hostile()));
    expect(names).to.not.include("script");
    expect(shown).to.include('</td><script>alert("1")</script>');
  });
});

describe("The Markdown", () => {
  it("has no markup from names", async () => {
    const written = markdown(await hostile());
    expect(written).to.not.match(/<script|\[x\]|@me/);
    expect(written).to.not.include(ESCAPE);
  });
});

/** A bucket that is open, and a block in another stack that names it. */
const blockElsewhere = (): Promise<Audit> => {
  const lake = { project: "lake", stack: "prod" };
  return auditOf({
    "acme/lake/prod": stackOf(lake, bucket("raw", {}, lake)),
    "acme/locks/prod": stackOf({}, block("lock", "raw", {}, { dependencies: [], propertyDependencies: {} })),
  });
};

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
const SCHEMA = JSON.parse(readFileSync(join(ROOT, "docs/audit.schema.json"), "utf8")) as Schema;

/** The keys that a schema knows, at any depth. */
const namedIn = ({ properties = {}, items = {} }: Schema): string[] => [
  ...Object.keys(properties),
  ...[...Object.values(properties), ...(Object.keys(items).length > 0 ? [items] : [])].flatMap(namedIn),
];

describe("The JSON", () => {
  it("is as its schema says, with every key that the schema knows in one report or another", async () => {
    const weak = await auditOf({ a: website() });
    const reports = [await full(), await blockElsewhere(), weak].map((each) => JSON.parse(json(each)) as unknown);
    const isReport = new Ajv({ strict: false }).compile(SCHEMA);
    expect(reports.map((report) => (isReport(report) ? [] : isReport.errors))).to.deep.equal([[], [], []]);
    const keysOf = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, each]) => [key, ...keysOf(each)]);
    const known = namedIn(SCHEMA);
    const written = new Set(keysOf(reports));
    expect(known.filter((key) => !written.has(key))).to.deep.equal([]);
  });
});

describe("The CSV", () => {
  it("has quotes around what has a comma, a quote or a line in it, and no formula for a spreadsheet", async () => {
    const result = await auditOf({ '=cmd|"x",\ny': stackOf({}, bucket("@SUM(1)"), bucket("a,b")) });
    const names = csv(result)
      .split("\r\n")
      .slice(1, 3)
      .map((row) => row.replace(`,blocking,${RULE},high,`, " ").split(",aws:")[0]);
    expect(names).to.deep.equal(['"\'=cmd|""x"",\ny" \'@SUM(1)', '"\'=cmd|""x"",\ny" "a,b"']);
  });

  it("has no formula in another locale, nor with another list separator", async () => {
    const formulas = ["=", "+", "-", "@", "＝", "＋", "－", "＠"].flatMap((start) =>
      ["", ";", "a;", "a\t", "a\n", "\t", "\r", 'a; "', ";\u200b", ';"" '].map((before) => `${before}${start}1+1`),
    );
    const text = csv(await auditOf({ a: stackOf({}, ...formulas.map((name) => bucket(name))) }));
    const cells = [",", ";", "\t"].flatMap((separator) => text.split(/\r\n|\n/).flatMap((row) => row.split(separator)));
    expect(cells.filter((each) => /^[\s"\u200b]*[=+\-@＝＋－＠]/.test(each))).to.deep.equal([]);
    expect(text.match(/'/g)?.length).to.be.greaterThan(formulas.length);
  });
});
