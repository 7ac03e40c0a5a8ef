import { expect } from "chai";
import { readSteps, UnreadableError } from "../../../cli/preview/output";

const EMPTY = {
  ...{ inputs: {}, outputs: {}, provider: "", parent: "", propertyDependencies: {}, deletedWith: "" },
  ...{ external: false, retainOnDelete: false },
};

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
    ["steps that aren't a list", '{"steps": {}}'],
    ["a step that isn't an object", '{"steps": [null]}'],
    ["a step without a URN", '{"steps": [{"op": "create"}]}'],
    ["a step without an operation", '{"steps": [{"urn": "urn:a"}]}'],
    ["a state that isn't an object", '{"steps": [{"op": "delete", "urn": "urn:a", "oldState": "gone"}]}'],
    [
      "inputs that aren't an object",
      '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"inputs": []}}]}',
    ],
    ["an ID that isn't a string", '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"id": 1}}]}'],
    [
      "a flag that isn't a boolean",
      '{"steps": [{"op": "same", "urn": "urn:a", "newState": {"external": "no"}}]}',
    ],
  ] as const) {
    it(`can't be ${what}`, () => {
      expect(() => readSteps(text)).to.throw(UnreadableError);
    });
  }
});
