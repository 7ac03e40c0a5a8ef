import { expect } from "chai";
import { readEvents, readSteps, UnreadableError } from "../../gate/output";

const END = { cancelEvent: {} };
const log = (...events: object[]): string =>
  events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");

describe("the preview's JSON output", () => {
  it("tells of each step which resource it is about and where that was made, the innermost frame first", () => {
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
      { urn: "urn:a", frames: ["project:///a.ts#1,2", "project:///a.ts#1,2", "project:///b.ts#3"] },
      { urn: "urn:b", frames: [] },
      { urn: "urn:c", frames: [] },
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
    ["a step without a URN", '{"steps": [{}]}'],
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
