import { expect } from "chai";
import { readSteps, UnreadableError } from "../../../cli/gate/output";
import { blankState } from "../report/builders";
import { testdata } from "../../testdata";

interface Case {
  readonly output: unknown;
  readonly steps: readonly { readonly before?: object; readonly after?: object }[];
}
const { read, unreadable } = testdata("preview/steps.yaml") as {
  read: Record<string, Case>;
  unreadable: Record<string, unknown>;
};

describe("the preview's JSON output", () => {
  for (const [title, { output, steps }] of Object.entries(read))
    it(title, () => {
      const wanted = steps.map(({ before, after, ...step }) => ({
        ...{ frames: [], changes: [], ...step },
        ...(before && { before: blankState(before) }),
        ...(after && { after: blankState(after) }),
      }));
      // What isn't there may be undefined.
      expect(JSON.parse(JSON.stringify(readSteps(JSON.stringify(output))))).to.deep.equal(wanted);
    });

  it("can't be cut short, another document, nor a step or a state without its parts", () => {
    for (const [title, output] of Object.entries(unreadable))
      expect(() => readSteps(typeof output === "string" ? output : JSON.stringify(output)), title).to.throw(
        UnreadableError,
      );
  });
});
