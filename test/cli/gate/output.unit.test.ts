import { expect } from "chai";
import { readSteps, UnreadableError } from "../../../cli/gate/output";
import { blankState } from "../report/builders";

const EMPTY = blankState();

describe("the preview's JSON output", () => {
  it("tells of each step which resource it is about and where that was made, the innermost frame first, and where one is missing", () => {
    const at = (sourcePosition: string) => ({ sourcePosition });
    const newState = {
      ...at("project:///a.ts#1,2"),
      stackTrace: [at("project:///a.ts#1,2"), {}, at("project:///b.ts#3")],
    };
    const digest = {
      steps: [
        { op: "create", urn: "urn:a", newState },
        { op: "delete", urn: "urn:b", oldState: at("project:///gone.ts#1") },
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
      ...{ parent: "urn:stack", propertyDependencies: { bucket: ["urn:b"] }, deletedWith: "urn:d" },
      ...{ external: true, retainOnDelete: true },
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

  const step = (changes: object): string => JSON.stringify({ steps: [{ op: "same", urn: "urn:a", ...changes }] });
  for (const [what, text] of Object.entries({
    ...{ nothing: "", "a document that is cut short": '{"steps": [{"urn": "urn:a"', "two documents": "{}\n{}" },
    ...{
      "a list": "[]",
      "steps that aren't a list": '{"steps": {}}',
      "a step that isn't an object": '{"steps": [null]}',
    },
    "a step without a URN": step({ urn: undefined }),
    "a step without an operation": step({ op: undefined }),
    "a state that isn't an object": step({ oldState: "gone" }),
    "inputs that aren't an object": step({ newState: { inputs: [] } }),
    "an ID that isn't a string": step({ newState: { id: 1 } }),
    "a flag that isn't a boolean": step({ newState: { external: "no" } }),
  })) {
    it(`can't be ${what}`, () => {
      expect(() => readSteps(text)).to.throw(UnreadableError);
    });
  }
});
