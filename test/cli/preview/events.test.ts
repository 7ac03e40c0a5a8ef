import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chunksOf, readEvents } from "../../../cli/preview/events";
import { UnreadableError } from "../../../cli/preview/output";

const END = { cancelEvent: {} };
const log = (...events: object[]): string =>
  events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");
const violated = (message: string) => ({
  policyEvent: { policyPackName: "demo", policyName: "p", enforcementLevel: "mandatory", message },
});

describe("the event log", () => {
  it("is one event a line", () => {
    const summary = { summaryEvent: { PolicyPacks: { "demo|local|/packs/demo": "1.2.3" } } };
    expect(readEvents(log({ policyLoadEvent: {} }, violated("open"), summary, END))).to.deep.equal([
      { type: "violation", pack: "demo", policy: "p", urn: "", level: "mandatory", message: "open" },
      { type: "summary", packs: [{ key: "demo|local|/packs/demo", version: "1.2.3" }] },
      { type: "end" },
    ]);
  });

  const whole = log(violated("open"), { summaryEvent: {} }, END);
  it("is not read when it is cut short, wherever that is", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readEvents(whole.slice(0, length)), `cut at ${length}`).to.throw(UnreadableError);
    }
    expect(readEvents(whole)).to.have.length(3);
  });

  it("is not read when an event is missing in the middle: it may have been the violation", () => {
    const [first = "", , last = ""] = whole.split(/(?<=\n)/);
    expect(() => readEvents(first + last)).to.throw(UnreadableError, "event 1 is missing from the event log");
  });

  it("is the same in chunks of any size, be a character or a line cut by them", () => {
    const folder = mkdtempSync(join(tmpdir(), "log-"));
    const file = join(folder, "events.json");
    const text = log(violated("öffen — 🪣"), { summaryEvent: {} }, END);
    writeFileSync(file, text);
    for (let size = 1; size < Buffer.byteLength(text) + 2; size += 1) {
      expect(readEvents(chunksOf(file, size)), `chunks of ${size}`).to.deep.equal(readEvents(text));
    }
    rmSync(folder, { recursive: true });
  });

  it("that isn't there is empty, and one that can't be read says why", () => {
    expect(() => readEvents(chunksOf(join(tmpdir(), "no-such-log")))).to.throw(UnreadableError, "is empty");
    expect(() => readEvents(chunksOf(tmpdir()))).to.throw(
      UnreadableError,
      /^the event log can't be read: EISDIR/,
    );
  });

  it("keeps of a resource what tells whether it was in the run, and nothing of its properties", () => {
    const metadata = { op: "same", urn: "urn:a", new: { inputs: { big: 1 } } };
    const state = { custom: true, id: "i", inputs: { big: 1 } };
    const text = log(
      { resourcePreEvent: { metadata: { ...metadata, old: state } } },
      { resOutputsEvent: {} },
      END,
    );
    expect(readEvents(text)).to.deep.equal([
      { type: "step", op: "same", urn: "urn:a", isLeftOut: false },
      { type: "end" },
    ]);
  });

  for (const [what, text] of [
    ["text", "panic: runtime error\n"],
    ["a line that isn't an object", "null\n"],
    ["an empty line", `${whole}\n`],
  ] as const) {
    it(`is not read when it has ${what}`, () => {
      expect(() => readEvents(text)).to.throw(UnreadableError);
    });
  }

  for (const [what, event] of [
    [
      "a violation without a policy",
      { policyEvent: { policyPackName: "demo", enforcementLevel: "advisory" } },
    ],
    ["a violation that isn't an object", { policyEvent: "open" }],
    [
      "a violation of no level",
      { policyEvent: { policyPackName: "demo", policyName: "p", message: "open" } },
    ],
    ["an answer of no pack", { policyAnalyzeStackSummaryEvent: { passed: [] } }],
    ["a step of no resource", { resourcePreEvent: { metadata: { op: "same" } } }],
  ] as const) {
    it(`is not read when it has ${what}`, () => {
      expect(() => readEvents(log(event, END))).to.throw(UnreadableError);
    });
  }
});
