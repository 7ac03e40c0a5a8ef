import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { chunksOf, readEvents, readSteps, UnreadableError } from "../../../cli/preview/output";

const EMPTY = {
  ...{ inputs: {}, outputs: {}, provider: "", parent: "", propertyDependencies: {}, deletedWith: "" },
  ...{ external: false, retainOnDelete: false },
};
const END = { cancelEvent: {} };
const log = (...events: object[]): string =>
  events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");

describe("the preview's JSON output", () => {
  it("tells of each step which resource it is about and where that was made, the innermost frame first, and where one is missing", () => {
    const digest = {
      steps: [
        {
          op: "create",
          urn: "urn:a",
          newState: {
            sourcePosition: "project:///a.ts#1,2",
            stackTrace: [
              { sourcePosition: "project:///a.ts#1,2" },
              {},
              { sourcePosition: "project:///b.ts#3" },
            ],
          },
        },
        { op: "delete", urn: "urn:b", oldState: { sourcePosition: "project:///gone.ts#1" } },
        { op: "create", urn: "urn:c", newState: {} },
      ],
    };
    expect(readSteps(JSON.stringify(digest))).to.deep.equal([
      {
        ...{ op: "create", urn: "urn:a", changes: [], after: EMPTY },
        frames: ["project:///a.ts#1,2", "project:///a.ts#1,2", "", "project:///b.ts#3"],
      },
      { op: "delete", urn: "urn:b", changes: [], frames: [], before: EMPTY },
      { op: "create", urn: "urn:c", changes: [], frames: [], after: EMPTY },
    ]);
  });

  it("tells of each step what it does to which state, and which properties change", () => {
    const state = {
      ...{ id: "data-1", inputs: { bucket: "data-1" }, outputs: { skipDestroy: true }, provider: "urn:p::1" },
      ...{
        parent: "urn:stack",
        propertyDependencies: { bucket: ["urn:b"] },
        external: true,
        retainOnDelete: true,
        deletedWith: "urn:d",
      },
    };
    const step = {
      ...{ op: "delete-replaced", urn: "urn:a", oldState: state },
      ...{ diffReasons: ["bucket"], replaceReasons: ["bucket"], detailedDiff: { region: {} } },
    };
    expect(readSteps(JSON.stringify({ steps: [step] }))).to.deep.equal([
      { op: "delete-replaced", urn: "urn:a", frames: [], changes: ["bucket", "region"], before: state },
    ]);
  });

  it("has no steps when the preview failed before the first", () => {
    expect(readSteps(JSON.stringify({ diagnostics: [] }))).to.deep.equal([]);
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["a document that is cut short", '{"steps": [{"urn": "urn:a"'],
    ["two documents", "{}\n{}"],
    ["a list", "[]"],
    ["steps that are no list", '{"steps": {}}'],
    ["a step that is no object", '{"steps": [null]}'],
    ["a step without a URN", '{"steps": [{"op": "create"}]}'],
    ["a step without an operation", '{"steps": [{"urn": "urn:a"}]}'],
    ["a state that is no object", '{"steps": [{"op": "delete", "urn": "urn:a", "oldState": "gone"}]}'],
    ["inputs that are no object", '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"inputs": []}}]}'],
    ["an ID that is no text", '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"id": 1}}]}'],
    [
      "a flag that is no boolean",
      '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"external": "no"}}]}',
    ],
  ] as const) {
    it(`can't be ${what}`, () => {
      expect(() => readSteps(text)).to.throw(UnreadableError);
    });
  }
});

describe("the event log", () => {
  it("is one event a line", () => {
    const events = [
      { sequence: 0, policyLoadEvent: {} },
      { sequence: 1, ...END },
    ];
    expect(readEvents(log({ policyLoadEvent: {} }, END))).to.deep.equal(events);
  });

  const whole = log({ policyEvent: { message: "open" } }, { summaryEvent: {} }, END);
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
    const text = log({ policyEvent: { message: "öffen — 🪣" } }, { summaryEvent: {} }, END);
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
      {
        sequence: 0,
        resourcePreEvent: { metadata: { op: "same", urn: "urn:a", old: { custom: true, id: "i" } } },
      },
      { sequence: 2, ...END },
    ]);
  });

  for (const [what, text] of [
    ["text", "panic: runtime error\n"],
    ["a line that is no object", "null\n"],
    ["an empty line", `${whole}\n`],
  ] as const) {
    it(`is not read when it has ${what}`, () => {
      expect(() => readEvents(text)).to.throw(UnreadableError);
    });
  }
});
