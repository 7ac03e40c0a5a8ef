import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { format } from "prettier";

const ROOT = path.resolve(__dirname, "../..");

/**
 * Holds a part of a document that is made from the project itself, between `<!-- name -->` and `<!-- end of name -->`,
 * against what it is made of. UPDATE_DOCS=true writes it instead.
 */
export async function expectSection(file: string, name: string, content: string): Promise<void> {
  const document = path.join(ROOT, file);
  const [before, after] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const text = readFileSync(document, "utf8");
  const [start, end] = [text.indexOf(before), text.indexOf(after)];
  if (start < 0 || end < start) throw new Error(`${file} has no part ${name}`);
  const whole = `${text.slice(0, start)}${before}\n${content}\n\n${text.slice(end)}`;
  const written = await format(whole, { parser: "markdown", printWidth: 110 });
  if (process.env.UPDATE_DOCS === "true") writeFileSync(document, written);
  expect(readFileSync(document, "utf8")).to.equal(written);
}
