import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { foreignKind, readMessage as readWith, shown, withCode, withComponent } from "../../../cli/report/message";
import { read } from "../../../policypack/findings/text";

const readMessage = (raw: string) => readWith(raw, (message) => foreignKind(message, ""));

const FILE = join(__dirname, "../../testdata/report/messages.yaml");
const CASES = parse(readFileSync(FILE, "utf8")) as Record<string, { message: string; read: Record<string, unknown> }>;

describe("a finding's message", () => {
  for (const [title, { message, read: wanted }] of Object.entries(CASES))
    it(title, () => {
      const found: Record<string, unknown> = { ...readMessage(message) };
      const asked = Object.keys(wanted).map((key) => [key, found[key] ?? null]);
      expect(Object.fromEntries(asked)).to.deep.equal(wanted);
    });

  const own = shown(
    read("Open.\nAdd one, where yourBucket is the variable that holds the bucket:\n      new Block({\n      });\nOr."),
  );

  it("takes other code in the place of its own, without a word on placeholders that are gone", () => {
    const { message, problem, fix, more } = withCode(own, () => ["Block(", "    x=1,", ")"]);
    expect({ message, problem, fix, more }).to.deep.equal({
      message: "Open.\nAdd one:\n      Block(\n          x=1,\n      )\nOr.",
      problem: "Open.\nAdd one:",
      fix: "Block(\n    x=1,\n)",
      more: "Or.",
    });
    expect(withCode(own, () => ["x(yourBucket)"], true).problem).to.equal(own.problem);
    expect(withCode(own, () => undefined)).to.deep.equal(own);
  });

  it("has the component at its top, and another pack's at its end", () => {
    const component = ["Made inside X 'y'", " at a.ts:1."] as const;
    const added = withComponent(own, ...component);
    expect(added.message).to.equal(own.message.replace("\n", "\nMade inside X 'y' at a.ts:1.\n"));
    const told = shown(read("Open.\nMade inside X 'y'.\nMore."));
    expect(withComponent(told, ...component).message).to.equal("Open.\nMade inside X 'y' at a.ts:1.\nMore.");
    const { message, problem, more } = withComponent(readMessage("Open. Add:\n      a"), ...component);
    expect({ message, problem, more }).to.deep.equal({
      message: "Open. Add:\n      a\nMade inside X 'y' at a.ts:1.",
      problem: "Open. Add:",
      more: "Made inside X 'y' at a.ts:1.",
    });
    expect(withComponent(readMessage("Open."), ...component).problem).to.equal("Open.\nMade inside X 'y' at a.ts:1.");
  });
});
