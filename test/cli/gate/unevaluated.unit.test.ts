import { expect } from "chai";
import { readEvent } from "../../../cli/gate/events";
import type { Json } from "../../../cli/gate/output";
import { limitsOf, unevaluated, withUnevaluated, type Limits } from "../../../cli/gate/unevaluated";
import { policies } from "../../../policypack/policies";
import { blocked, clean, violation } from "../report/builders";
import { rowsOf, testdata } from "../../testdata";

const OWN = "s3-public-access-block";
const BUCKET = "s3-bucket-public-access-block";
const resources = policies.map(({ name }) => name).filter((name) => name !== BUCKET);
const VALUES = {
  ...{ resources, bucket: [BUCKET] },
  stacks: policies.filter(({ evaluates }) => evaluates === "stack").map(({ name }) => name),
  eachOff: resources.map((name) => `${name} is disabled in the policy pack's configuration`),
};
const ANSWERS = { stack: "policyAnalyzeStackSummaryEvent", remediation: "policyRemediateSummaryEvent" };
const OLD: Record<string, object> = { new: { custom: true, id: "" }, component: { id: "" } };

interface Case extends Partial<Limits> {
  readonly answers?: readonly { stack?: string[]; remediation?: string[]; pack?: string }[];
  readonly steps?: readonly string[];
  readonly notes?: readonly string[];
  readonly reasons?: readonly string[];
}

const preEvent = (op: string, urn: string, old: object): Json => ({ resourcePreEvent: { metadata: { op, urn, old } } });
const URN = "urn:pulumi:dev::shop::";
const BASE = [
  preEvent("create", `${URN}pulumi:pulumi:Stack::shop-dev`, {}),
  preEvent("create", `${URN}pulumi:providers:aws::default`, { custom: true, id: "i-1" }),
];

function check({ answers, steps = [], targets = [], excludes = [], notes = [], reasons = [] }: Case): void {
  const usual: Case["answers"] = [{ remediation: resources }, { stack: [BUCKET] }];
  const log = (answers ?? usual).map(({ pack = OWN, ...lists }): Json => {
    const [[of, passed] = ["stack", []]] = Object.entries(lists);
    // The engine leaves out the list of a remediation in which no policy has a result.
    const isTold = of === "stack" || passed.length > 0;
    return { [ANSWERS[of as "stack"]]: { policyPackName: pack, ...(isTold && { passed }) } };
  });
  const made = steps.map((step) => {
    const [op = "", name = "", as = ""] = step.split(" ");
    return preEvent(op, `${URN}aws:s3/bucket:Bucket::${name}`, OLD[as] ?? { custom: true, id: "i-1" });
  });
  const found = unevaluated(
    [...log, ...BASE, ...made].flatMap((event) => readEvent(event) ?? []),
    { targets, excludes },
  );
  expect(found.reasons).to.deep.equal(reasons);
  expect([...found.notes].sort()).to.deep.equal([...reasons, ...notes].sort());
}

describe("what a preview left unevaluated", () => {
  for (const [title, rows] of rowsOf("preview/unevaluated.yaml", VALUES))
    it(`is told where ${title}`, () => {
      for (const row of rows) check(row as Case);
    });
});

interface Limited extends Partial<Limits> {
  readonly args?: string;
  readonly env?: NodeJS.ProcessEnv;
}

it("the limits of a preview are read from its arguments and variables as the CLI reads them, and are no values of other flags", () => {
  for (const { args = "", env = {}, targets = [], excludes = [] } of testdata("preview/limits.yaml") as Limited[])
    expect(limitsOf(args.split(" ").filter(Boolean), env), args).to.deep.equal({ targets, excludes });
});

describe("a pass of which something was not evaluated", () => {
  const found = { notes: ["off", "partial"], reasons: ["off"] };
  const partial = { notes: ["partial"], reasons: [] };

  it("isn't a verdict, unless the user accepts it or there was something to evaluate", () => {
    expect(withUnevaluated(clean(), found, false)).to.deep.equal({
      ...{ ...clean(), verdict: "failed", notes: ["partial"] },
      problems: ["off; to accept that, give --accept-unevaluated"],
    });
    expect(withUnevaluated(clean(), found, true)).to.deep.equal({ ...clean(), notes: found.notes });
    expect(withUnevaluated(clean(), partial, false)).to.deep.equal({ ...clean(), notes: ["partial"] });
  });

  it("takes nothing from a preview that is blocked", () => {
    const report = blocked([violation()]);
    expect(withUnevaluated(report, found, false)).to.deep.equal({ ...report, notes: found.notes });
  });
});
