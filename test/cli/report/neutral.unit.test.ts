import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { annotations } from "../../../cli/report/annotations";
import { log } from "../../../cli/report/log";
import { lines, neutral, neutralReport, printPatch } from "../../../cli/report/neutral";
import type { Report } from "../../../cli/report/report";
import { blocked, violation, written } from "./builders";
import { sarifRuns } from "./read";
import { parameters } from "../../policypack/runs";
import { testdata } from "../../testdata";

/** What a line looks like to a comparison that doesn't see characters without a width, as .NET's does by default. */
const asCompared = (line: string): string => line.replace(/[\p{DI}\p{Cf}\0]/gu, "");

/** Whether GitHub's runner may find a command in what is printed: it ends a line at a CR, too. */
function hasCommand(printed: string): boolean {
  const seen = printed.split(/\r\n|\r|\n/).map(asCompared);
  return seen.some((line) => line.includes("##[") || /^[\s\u0085]*::/.test(line));
}

/** Control characters but line break and tab, those of bidirectional text, Unicode's line breaks, halves of characters. */
// eslint-disable-next-line no-control-regex -- to find them is the point
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\p{Cs}]/u;

const FORMS: Readonly<Record<string, (given: string) => string>> = {
  text: neutral,
  line: (given) => lines(given).join("\n"),
};

describe("what is printed", () => {
  it("is neutral, as test/testdata/report/neutral.yaml has it", () => {
    const forms = testdata("report/neutral.yaml") as Record<string, Record<string, [string, string?]>>;
    for (const [form, cases] of Object.entries(forms))
      for (const [title, [given, wanted = given]] of Object.entries(cases))
        expect(FORMS[form]?.(given), `${form} ${title}`).to.equal(wanted);
  });
});

describe("a neutral report", () => {
  it("has names on one line, and messages with their lines", () => {
    const forged = "a\nPassed: no policy blocks dev; 0 advisory.";
    const finding = violation({ name: forged, urn: forged, message: "x\r\ny", position: { file: forged, line: 1 } });
    const report = neutralReport(blocked([finding], { stack: forged, problems: [forged] }));
    const told = "a\\nPassed: no policy blocks dev; 0 advisory.";
    const shown = violation({ name: told, urn: told, message: "x\ny", position: { file: told, line: 1 } });
    expect(report).to.deep.equal(blocked([shown], { stack: told, problems: [told] }));
  });
});

describe("the gate's sources", () => {
  it("print nowhere but by the one way, the command line's own commands, and a patch for a program", () => {
    const folder = join(__dirname, "../../../cli");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const printing = files.sort().flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      return [...text.matchAll(/console\.\w+|(?:stream|std(?:out|err))\.write/g)].map(([call]) => `${file}: ${call}`);
    });
    expect(printing).to.deep.equal(Array.from({ length: 3 }, () => "report/neutral.ts: stream.write"));
  });
});

describe("a patch", () => {
  const patch = "+::error::a\u202e\r\n+\u001b[31mred\n";
  const printed = (isTTY: boolean, env: NodeJS.ProcessEnv): string => {
    let text = "";
    const stream = { isTTY, write: (more: string) => (text += more) } as unknown as NodeJS.WriteStream;
    printPatch(stream, patch, env);
    return text;
  };

  it("is as it is where a program reads it, and speaks to no terminal and no job's log", () => {
    const shown = "+::error::a\\u202e\n+red\n";
    const all = [printed(false, {}), printed(true, {}), printed(false, { CI: "true" })];
    expect(all).to.deep.equal([patch, shown, shown]);
  });
});

/** Pieces that something takes for markup, a command or a break, and anything else. */
const { printed: PIECES } = testdata("nonsense.yaml") as { printed: string[] };
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 8 })
  .map((pieces) => pieces.join(""));

const hostileReport = fc
  .record({
    ...{ pack: hostile, policy: hostile, urn: hostile, type: hostile, name: hostile },
    ...{ message: hostile, problem: hostile, fix: hostile, more: hostile, stack: hostile, file: hostile },
    ...({ kind: fc.constantFrom("violation", "unverified", "exempt"), isPlaced: fc.boolean() } as const),
  })
  .map(({ stack, file, isPlaced, ...texts }): Report => {
    const position = isPlaced ? { position: { file: `a/${file}`, line: 3, column: 4 } } : {};
    const finding = violation({ ...texts, blocks: texts.kind !== "exempt" });
    const { pack, policy, urn, type, name, problem } = texts;
    return blocked([{ ...finding, ...position }], {
      ...{ stack, problems: [problem], manifest: `b/${file}`, packs: [{ name: pack, version: policy }] },
      remediations: [{ pack, policy, urn, type, name, ...position }],
    });
  })
  .map(neutralReport);

describe("whatever a program names", () => {
  it("isn't a command in any line that the gate prints", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(hasCommand(lines(text).join("\n"))).to.equal(false);
        expect(lines(text).filter((line) => UNSEEN.test(line))).to.deep.equal([]);
      }),
      parameters(1000),
    );
  });

  it("leaves the gate's own annotations the only commands, one a line, and each its own entry in the log", () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const own = annotations(report);
        for (const line of own) {
          expect(line).to.match(/^::(?:error|warning|notice) [^\r\n]*$/);
          expect(hasCommand(line.slice(2)) || UNSEEN.test(line)).to.equal(false);
        }
        const told = log(report).flatMap(({ text }) => lines(text));
        expect(hasCommand(told.join("\n"))).to.equal(false);
        expect(told.filter((line) => /^(Passed|Blocked|No verdict)/.test(line)).length).to.equal(1);
      }),
      parameters(300),
    );
  });

  it("leaves every report valid and free of what can't be seen", () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const texts = (["sarif", "code-quality", "summary"] as const).map((name) => written(name, report));
        expect(texts.filter((text) => UNSEEN.test(text))).to.deep.equal([]);
        const [found = "", issues = "", markdown = ""] = texts;
        expect(sarifRuns(found)).to.have.length(1);
        expect((JSON.parse(issues) as unknown[]).length).to.equal(1);
        // The gate's own elements are the only markup: a finding and a remediation, each on a line, and the fold of the latter.
        const own = /<\/?(?:details|summary|blockquote|div|p|b|br|code|pre)>|^<!-- [^<>]* -->/g;
        expect(markdown.replace(own, "")).not.to.match(/[<>]/);
        expect(markdown.split("\n").filter((line) => /^<details>.*<\/details>$/.test(line)).length).to.equal(2);
        // GitLab takes a line of a note that begins with a slash for a command, such as /merge.
        expect(markdown).not.to.match(/^\s*\//m);
        expect(markdown.match(/<details>/g)?.length).to.equal(markdown.match(/<\/details>/g)?.length);
        expect(markdown).not.to.match(/<b>(?!Remediated|Exempt)|\[text\]|@ann|`|##\[/);
      }),
      parameters(200),
    );
  });
});

describe("the edits of a finding", () => {
  it("stay as they are, since they are for files", () => {
    const text = "a\u202e\n  ##[b";
    const changes = [{ from: 0, to: 1, text }];
    const edits = [{ file: "index.ts", startLine: 1, endLine: 1, text, changes }];
    const [finding] = neutralReport(blocked([violation({ edits })])).findings;
    expect(finding?.edits).to.deep.equal(edits);
  });
});
