import { expect } from "chai";
import { readSteps, UnreadableError } from "../../../cli/gate/output";
import { blankState } from "../report/builders";

const EMPTY = blankState();
/** The steps of a document, without what isn't there. */
const stepsIn = (digest: object): unknown => JSON.parse(JSON.stringify(readSteps(JSON.stringify(digest))));

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
    expect(stepsIn(digest)).to.deep.equal([
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
    expect(stepsIn({ steps: [step] })).to.deep.equal([
      { op: "delete-replaced", urn: "urn:a", frames: [], changes: ["bucket", "region"], before: state },
    ]);
  });

  it("has no steps when the preview failed before the first", () => {
    expect(stepsIn({ diagnostics: [] })).to.deep.equal([]);
  });

  it("can't be cut short, another document, nor a step or a state without its parts", () => {
    const step = (changes: object): string => JSON.stringify({ steps: [{ op: "same", urn: "urn:a", ...changes }] });
    const states = [{ inputs: [] }, { inputs: "" }, { id: 1 }, { external: "no" }].map((newState) =>
      step({ newState }),
    );
    const parts = [{ urn: undefined }, { op: undefined }, { oldState: "gone" }].map(step);
    const documents = ["", '{"steps": [{"urn": "urn:a"', "{}\n{}", "[]", '{"steps": {}}', '{"steps": [null]}'];
    for (const text of [...documents, ...parts, ...states])
      expect(() => readSteps(text), text).to.throw(UnreadableError);
  });
});
