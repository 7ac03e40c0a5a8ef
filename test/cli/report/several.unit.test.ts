import { expect } from "chai";
import { FORMATS } from "../../../cli/report/formats";
import { logOf, nameOf, together } from "../../../cli/report/several";
import { summaries, summary } from "../../../cli/report/summary";
import { blocked, clean, numbered } from "./builders";
import { schemaErrors } from "./sarif-schema";

const open = blocked([numbered(1)]);
const fine = { ...clean(), stack: "prod", manifest: "web/Pulumi.yaml" };
const broken = blocked([], { stack: "test", verdict: "failed", problems: ["interrupted by SIGINT"] });
const all = [open, fine, broken];

describe("the reports of several stacks", () => {
  it("call a stack by its project's folder, too", () => {
    expect([nameOf("dev", "infra/Pulumi.yaml"), nameOf("dev", "Pulumi.yml")]).to.deep.equal([
      "infra dev",
      "dev",
    ]);
  });

  it("are in the log one after the other, with the verdict on all at the end", () => {
    const texts = logOf(all).map(({ text }) => text);
    expect(texts.filter((text) => /:$|\.$/.test(text) && !text.startsWith(" "))).to.deep.equal([
      "infra dev:",
      "Blocked: 1 mandatory, 0 advisory in dev.",
      "web prod:",
      "Passed: no policy blocks prod; 0 advisory.",
      "infra test:",
      "No verdict on test: that is not a pass.",
      "3 stacks. Blocked: infra dev; No verdict: infra test; Passed: web prod.",
    ]);
  });

  it("are one summary, with each stack's verdict before what was found", () => {
    const lines = summaries(all, undefined).split("\n");
    expect(lines.slice(0, 8)).to.deep.equal([
      "<!-- s3-public-access-block infra%2FPulumi.yaml%20web%2FPulumi.yaml%20stacks -->",
      "## ❌ 3 stacks: 1 blocked, 1 without a verdict, which is not a pass, 1 passed",
      "",
      "- ❌ Blocked: 1 mandatory finding in <code>infra dev</code>",
      "- ✅ Passed: no policy blocks <code>web prod</code>",
      "- ❌ No verdict on <code>infra test</code>, which is not a pass: see the job's log",
      "  - interrupted by SIGINT",
      "",
    ]);
    expect(lines.filter((line) => line.startsWith("### "))).to.deep.equal([
      "### <code>infra dev</code>: Blocking (1)",
    ]);
    expect(summaries([fine, { ...fine, stack: "dev" }], undefined)).to.contain("## ✅ 2 stacks: 2 passed");
  });

  it("of one stack are what they were", () => {
    expect([summaries([open], undefined), together([open])]).to.deep.equal([summary(open, undefined), open]);
  });

  it("are one SARIF log with a run a stack, whose categories differ", () => {
    const context = { product: { version: "1.2.3" }, link: undefined };
    const log = JSON.parse(FORMATS[0].render([open, fine], context)) as {
      runs: { automationDetails: { id: string } }[];
    };
    expect(schemaErrors(log)).to.deep.equal([]);
    expect(log.runs.map(({ automationDetails }) => automationDetails.id)).to.deep.equal([
      "s3-public-access-block/infra/Pulumi.yaml/dev/",
      "s3-public-access-block/web/Pulumi.yaml/prod/",
    ]);
  });

  it("mark lines together, and name the stack of what went wrong", () => {
    const { problems, findings, verdict } = together(all);
    expect([problems, findings.length, verdict]).to.deep.equal([
      ["infra test: interrupted by SIGINT"],
      1,
      "failed",
    ]);
  });
});
