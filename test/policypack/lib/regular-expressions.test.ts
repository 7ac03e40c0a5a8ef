import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import ts from "typescript";
import { ROOT } from "../../harness/engine/paths";

/*
 * A program under review gives types, names and messages of any length, and must not keep a preview waiting. Each regular
 * expression of the product meets long texts made of its own parts, which cost any that isn't linear the most.
 */

/** Long enough for the square of its length to show, and little for anything linear. */
const LENGTH = 8_000;
const LIMIT_MS = 8;

/** What no program gives: a number, and one import of a program that is being fixed. */
const SPARED = ["cli/report/words.ts", "cli/source/new-block.ts"];

interface Found {
  readonly source: string;
  readonly flags: string;
}

function literalsOf(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, source = "", flags = ""] = /^\/(.*)\/(\w*)$/s.exec(node.text) ?? [];
      found.push({ source, flags });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

/** What the expression looks for, each repeated, after a beginning that it may want and before an end that it doesn't. */
function attacks(source: string): string[] {
  const plain = source.replace(/\\[bBdDsSwWpPnrtu0-9]|\(\?[:=!<]+/g, " ");
  const words = (plain.match(/(?:\\[^\w]|[\w:/<>@#'"${},.;=-])+/g) ?? [])
    .map((word) => word.replaceAll("\\", ""))
    .filter((word) => word !== "")
    .slice(0, 8);
  const pumps = new Set([
    ...Array.from("aA1_ -.:/*\\\n\t\"'`$,;(){}[]<>@#%=+&~é"),
    ...["::", "${a", "a,", "\u200b", "\u001b["],
    ...words.flatMap((word) => [word, `${word}a`, `${word}1.`, `${word}${words[0] ?? ""}`]),
  ]);
  const starts = new Set(["", words[0] ?? "", words.slice(0, 2).join(""), `${words[0] ?? ""}a`]);
  return [...starts].flatMap((start) =>
    [...pumps].flatMap((pump) => ["", "\n!"].map((end) => start + pump.repeat(LENGTH / pump.length) + end)),
  );
}

/** The first text that takes long each time: another process may have had the processor for a while. */
const SLOW = `texts.find((text) =>
  [1, 2, 3, 4, 5].every(() => {
    const start = now();
    text.replace(expression, "");
    return now() - start > limit;
  }),
)`;

function slowest({ source, flags }: Found): string | undefined {
  const expression = new RegExp(source, `${flags.replace(/[gy]/g, "")}g`);
  const context = { texts: attacks(source), expression, limit: LIMIT_MS, now: () => performance.now() };
  try {
    return (runInNewContext(SLOW, context, { timeout: 4_000 }) as string | undefined)?.slice(0, 50);
  } catch (error) {
    return String(error); // It goes on forever.
  }
}

describe("Every regular expression takes no more time than the length of its text accounts for", () => {
  const files = ["policypack", "cli"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  for (const file of files.filter((each) => each.endsWith(".ts") && !SPARED.includes(each))) {
    const found = literalsOf(file);
    if (found.length === 0) continue;
    it(`of ${file}`, () => {
      const slow = found.map((each) => [each.source, slowest(each)]).filter(([, text]) => text !== undefined);
      expect(slow).to.deep.equal([]);
    });
  }

  it("is measured: one that isn't linear is found", () => {
    const found = [/^(.*?)\.?aws_\w+\.[^.]+$/, /s3.*bucket|bucket.*s3/, /\/+$/, /^(a|a)*b/].map(slowest);
    expect(found).not.to.include(undefined);
  });
});
