import { expect } from "chai";
import { foreignKind, readMessage as readWith, withFix, withMore } from "../../../cli/report/message";

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
    [
      "that is exempt for good, after the policy's description",
      "Buckets are private.\nExempt: static site",
      "exempt",
    ],
    ["that only speaks of an exemption", "Its exemption ran out on 2020-01-01: static site", "violation"],
    [
      "of a flag that nobody knows yet",
      "Open:\n  blockPublicAcls can't be verified: not known",
      "unverified",
    ],
    [
      "of a policy that could not be run",
      "can't run policy 'p' from policy pack 'demo@v1' during preview: string value at .arn can't be known",
      "unverified",
    ],
  ];
  for (const [what, message, kind] of kinds) {
    it(`${what} is recognized`, () => {
      expect(readMessage(message).kind).to.equal(kind);
    });
  }

  it("takes other code in the place of its own", () => {
    const message = readMessage("Open. Add:\n      new Block({\n      });\nOr exempt it.");
    expect(withFix(message, ["Block(", "    x=1,", ")"])).to.deep.equal({
      message: "Open. Add:\n      Block(\n          x=1,\n      )\nOr exempt it.",
      problem: "Open. Add:",
      fix: "Block(\n    x=1,\n)",
      more: "Or exempt it.",
      kind: "violation",
    });
  });

  it("takes one more line: behind the rest, or to the problem where there is no code", () => {
    expect(withMore(readMessage("Open. Add:\n      a"), "Made inside X.")).to.deep.equal({
      message: "Open. Add:\n      a\nMade inside X.",
      problem: "Open. Add:",
      fix: "a",
      more: "Made inside X.",
      kind: "violation",
    });
    expect(withMore(readMessage("Open."), "Made inside X.")).to.deep.equal({
      message: "Open.\nMade inside X.",
      problem: "Open.\nMade inside X.",
      kind: "violation",
    });
  });
});
