import { expect } from "chai";
import { foreignKind, readMessage as readWith, shown, withCode, withComponent } from "../../../cli/report/message";
import { read } from "../../../policypack/findings/text";

const readMessage = (raw: string) => readWith(raw, (message) => foreignKind(message, ""));

describe("a finding's message", () => {
  it("without code is all problem", () => {
    expect(readMessage("Buckets are private.\nThe bucket is open.\n")).to.deep.equal({
      message: "Buckets are private.\nThe bucket is open.",
      problem: "Buckets are private.\nThe bucket is open.",
      kind: "violation",
    });
  });

  it("is the problem, the code of the fix, and what else there is to say", () => {
    const message = [
      "The bucket is open. Add:",
      "      new Block({",
      "          all: true,",
      "      });",
      "If it must be public:",
      "  an entry",
    ].join("\n");
    expect(readMessage(message)).to.deep.equal({
      message,
      problem: "The bucket is open. Add:",
      fix: "new Block({\n    all: true,\n});",
      more: "If it must be public:\n  an entry",
      kind: "violation",
    });
  });

  it("keeps the text between two pieces of code as a comment in the code", () => {
    const message = "Two are weak.\nIn 'a', set\n    x: true,\n  y is false\nIn 'b', set\n    y: true,";
    const { problem, fix, more } = readMessage(message);
    expect({ problem, fix, more }).to.deep.equal({
      problem: "Two are weak.\nIn 'a', set",
      fix: "x: true,\n// y is false\n// In 'b', set\ny: true,",
      more: undefined,
    });
  });

  it("loses colors, shows control characters, and keeps its lines and tabs", () => {
    expect(readMessage("\u001b[31mopen\u001b[0m\r\n\u0000bucket\u0008\tdata").message).to.equal(
      "open\n\\u0000bucket\\u0008\tdata",
    );
  });

  const kinds: [string, string, string][] = [
    ["that is exempt until a day", "Exempt until 2027-03-31: static site\nBucket 'a' is open", "exempt"],
    ["that is exempt for good, after the policy's description", "Buckets are private.\nExempt: static site", "exempt"],
    ["that only speaks of an exemption", "Its exemption expired on 2020-01-01: static site", "violation"],
    ["of a flag that nobody knows yet", "Open:\n  blockPublicAcls can't be verified: not known", "unverified"],
    [
      "of a policy that could not be run",
      "can't run policy 'p' from policy pack 'demo@v1' during preview: string value at .arn can't be known",
      "unverified",
    ],
  ];
  it("has its kind in its words", () => {
    for (const [what, message, kind] of kinds) expect(readMessage(message).kind, what).to.equal(kind);
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
