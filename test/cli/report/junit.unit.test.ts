import { expect } from "chai";
import { blocked, violation, violationNowhere, written } from "./builders";
import { junitSuites } from "./junit-reader";

describe("the JUnit report", () => {
  it("has a resource once in a class, with all that is said of it, since readers take equal names for one test", () => {
    const twice = [
      violationNowhere({ message: "One." }),
      violationNowhere({ blocks: false, kind: "exempt", message: "Two." }),
    ];
    for (const findings of [twice, twice.toReversed()]) {
      const text = written("junit", blocked(findings));
      expect(junitSuites(text)[0]?.cases).to.deep.equal([
        "failure demo.no-open-bucket aws:s3/bucket:Bucket data: The bucket is open.",
      ]);
      expect([text.includes("One."), text.includes("Two.")]).to.deep.equal([true, true]);
    }
  });

  it("is well-formed whatever a program names and says", () => {
    const name = `a"b'<c>&]]>\n\ud83d\ude00\ufffe\uffff`;
    const odd = violation({ urn: `urn:pulumi:dev::shop::t:T::${name}`, problem: name, message: name });
    const [suite] = junitSuites(written("junit", blocked([odd])));
    const seen = name.replace("\ufffe\uffff", "\\ufffe\\uffff");
    expect(suite?.cases).to.deep.equal([`failure demo.no-open-bucket t:T ${seen}: a"b'<c>&]]>`]);
  });
});
