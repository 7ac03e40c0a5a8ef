import { expect } from "chai";
import { foreignKind, readMessage as readWith, shown, withCode, withComponent } from "../../../cli/report/message";
import { read } from "../../../policypack/findings/text";
import { testdata } from "../../testdata";

const readMessage = (raw: string) => readWith(raw, (message) => foreignKind(message, ""));

const { cases: CASES, changes } = testdata("report/messages.yaml") as {
  cases: Record<string, { message: string; read: Record<string, unknown> }>;
  changes: { own: string; code: object; components: { message: string; ofAnother?: boolean; wanted: object }[] };
};

describe("a finding's message", () => {
  for (const [title, { message, read: wanted }] of Object.entries(CASES))
    it(title, () => {
      const found: Record<string, unknown> = { ...readMessage(message) };
      const asked = Object.keys(wanted).map((key) => [key, found[key] ?? null]);
      expect(Object.fromEntries(asked)).to.deep.equal(wanted);
    });

  const own = shown(read(changes.own));
  const fits = (changed: object, wanted: object): void => {
    const found = Object.entries(changed).filter(([key]) => key in wanted);
    expect(Object.fromEntries(found)).to.deep.equal(wanted);
  };

  it("takes other code in the place of its own, without a word on placeholders that are gone", () => {
    fits(
      withCode(own, () => ["Block(", "    x=1,", ")"]),
      changes.code,
    );
    expect(withCode(own, () => ["x(yourBucket)"], true).problem).to.equal(own.problem);
    expect(withCode(own, () => undefined)).to.deep.equal(own);
  });

  it("has the component at its top, and another pack's at its end", () => {
    for (const { message, ofAnother = false, wanted } of changes.components) {
      const before = ofAnother ? readMessage(message) : shown(read(message));
      fits(withComponent(before, "Made inside X 'y'", " at a.ts:1."), wanted);
    }
  });
});
