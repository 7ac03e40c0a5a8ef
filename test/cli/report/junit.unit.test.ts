import { expect } from "chai";
import { junit } from "../../../cli/report/junit";
import { blocked, clean, numbered, violation, violationNowhere } from "./builders";
import { junitSuites } from "./junit-reader";

const policy = (name: string) => ({ pack: "demo", policy: name });
const exempt = numbered(3, { kind: "exempt", blocks: false, problem: "Exempt: press photos" });

describe("the JUnit report", () => {
  it("has a test a policy and resource: what blocks fails, what is advisory passes, what is exempt is skipped", () => {
    const findings = [numbered(1), numbered(2, { blocks: false }), exempt];
    expect(junitSuites(junit([blocked(findings)]))).to.deep.equal([
      {
        name: "infra/Pulumi.yaml dev",
        counts: { tests: 3, failures: 1, errors: 0, skipped: 1 },
        cases: [
          "failure demo.no-open-bucket aws:s3/bucket:Bucket b1: The bucket is open.",
          "passed demo.no-open-bucket aws:s3/bucket:Bucket b2",
          "skipped demo.no-open-bucket aws:s3/bucket:Bucket b3: Exempt: press photos",
        ],
      },
    ]);
  });

  it("has a test that passes for each policy that found nothing, so that a clean run isn't an empty one", () => {
    const policies = [policy("no-open-bucket"), policy("tags")];
    expect(junitSuites(junit([{ ...clean(), policies }]))[0]?.cases).to.deep.equal([
      "passed demo.no-open-bucket every resource",
      "passed demo.tags every resource",
    ]);
    expect(junitSuites(junit([blocked([numbered(1)], { policies })]))[0]?.cases.slice(1)).to.deep.equal([
      "passed demo.tags every resource",
    ]);
  });

  it("has an error where there is no verdict, and says why", () => {
    const [suite] = junitSuites(
      junit([blocked([], { verdict: "failed", problems: ["interrupted", "and so"] })]),
    );
    expect([suite?.counts.errors, suite?.cases]).to.deep.equal([
      1,
      ["error s3-public-access-block preview of dev: interrupted"],
    ]);
  });

  it("has a suite a stack", () => {
    const suites = junitSuites(junit([blocked([numbered(1)]), { ...clean(), stack: "prod" }]));
    expect(suites.map(({ name }) => name)).to.deep.equal(["infra/Pulumi.yaml dev", "infra/Pulumi.yaml prod"]);
  });

  it("tells in the text where the resource is made, which it is, and all of the message", () => {
    const text = junit([blocked([violation({ message: "Open. Add:\n    a: 1" })])]);
    expect(text).to.contain(
      ">infra/index.ts:8:11\nurn:pulumi:dev::shop::aws:s3/bucket:Bucket::data\nOpen. Add:\n    a: 1</failure>",
    );
  });

  it("has a resource once in a class, with all that is said of it, since readers take equal names for one test", () => {
    const twice = [
      violationNowhere({ message: "One." }),
      violationNowhere({ blocks: false, message: "Two." }),
    ];
    for (const findings of [twice, twice.toReversed()]) {
      const text = junit([blocked(findings)]);
      expect(junitSuites(text)[0]?.cases).to.deep.equal([
        "failure demo.no-open-bucket aws:s3/bucket:Bucket data: The bucket is open.",
      ]);
      expect([text.includes("One."), text.includes("Two.")]).to.deep.equal([true, true]);
    }
  });

  it("is well-formed whatever a program names and says", () => {
    const name = `a"b'<c>&]]>\n\ud83d\ude00\ufffe\uffff`;
    const odd = violation({ urn: `urn:pulumi:dev::shop::t:T::${name}`, problem: name, message: name });
    const [suite] = junitSuites(junit([blocked([odd])]));
    const seen = name.replace("\ufffe\uffff", "\\ufffe\\uffff");
    expect(suite?.cases).to.deep.equal([`failure demo.no-open-bucket t:T ${seen}: a"b'<c>&]]>`]);
  });
});
