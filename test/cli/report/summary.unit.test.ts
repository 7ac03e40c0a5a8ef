import { expect } from "chai";
import { linker } from "../../../cli/report/links";
import type { Finding, Link, Report } from "../../../cli/report/report";
import { blocked, clean, published, violation, written } from "./builders";

const summary = (reports: Report | readonly Report[], link?: Link): string => written("summary", reports, { link });

const lines = (...given: Parameters<typeof summary>) => summary(...given).split("\n");

describe("the summary", () => {
  it("has one document that exempts all that blocks, in either form, which is valid as it is", () => {
    const own = (urn: string, policy = "p") => {
      const exempted = [
        { policy: "p", urn },
        { policy: "q", urn: "urn:b" },
      ];
      const howToExempt = { exempted, exemptIf: "If", isExceptable: policy === "p" };
      return violation({ pack: "s3-public-access-block", policy, published: published({ howToExempt }) });
    };
    const documents = (...findings: Finding[]): unknown[] => {
      const text = summary(blocked(findings));
      expect(text).not.to.contain("\u202e");
      const [, shown = ""] = text.split("if all of these must be public");
      const found = [...shown.matchAll(/<pre>(.*?)<\/pre>/gs)].map(([, each = ""]) => each);
      return found.map((each): unknown =>
        JSON.parse(each.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))),
      );
    };
    const exemptions = (...urns: string[]) => ({ exemptions: urns.map((urn) => ({ urn, reason: "" })) });
    const excepting = (...match: [string, ...string[]][]) => ({
      version: 2,
      exceptions: {
        public: { reason: "", match: match.map(([policy, ...targets]) => ({ policies: [policy], targets })) },
      },
    });
    expect(documents(own("urn:a"), own("urn:\u202ec"))).to.deep.equal([
      { p: exemptions("urn:a", "urn:\u202ec"), q: exemptions("urn:b") },
      excepting(["p", "urn:a", "urn:\u202ec"], ["q", "urn:b"]),
    ]);
    const lost = "s3-lost-public-access-block";
    expect(documents(own("urn:a"), own("urn:c", lost))).to.deep.equal([
      { p: exemptions("urn:a", "urn:c"), q: exemptions("urn:b") },
      excepting(["p", "urn:a"], ["q", "urn:b"]),
    ]);
    expect(documents(own("urn:a", lost), own("urn:c", lost))).to.have.length(1);
    expect(documents(own("urn:a"))).to.deep.equal([]);
  });

  it("of several stacks that pass is a pass", () => {
    expect(summary([clean(), { ...clean(), stack: "prod" }])).to.contain("## ✅ 2 stacks. Passed: 2\n");
  });

  it("is a different comment for another stack and for another project, and the same for another verdict", () => {
    const marker = (report: Report) => lines(report)[0];
    const markers = [
      marker(clean()),
      marker(blocked([], { stack: "prod" })),
      marker(blocked([], { manifest: "web/Pulumi.yaml" })),
      marker(blocked([], { stack: "--><b>" })),
    ];
    expect(new Set(markers).size).to.equal(4);
    expect(markers[3]).to.equal("<!-- s3-public-access-block infra%2FPulumi.yaml%20--%3E%3Cb%3E -->");
    expect(marker(blocked([violation()]))).to.equal(markers[0]);
  });

  it("links each place in the forge whose job it is", () => {
    const report = blocked([violation({ position: { file: "a b/index.ts", line: 8 } })]);
    const github = { GITHUB_SERVER_URL: "https://github.example", GITHUB_REPOSITORY: "o/r", GITHUB_SHA: "abc" };
    const gitlab = { CI_PROJECT_URL: "https://gitlab.example/o/r", CI_COMMIT_SHA: "abc" };
    const place = (env: NodeJS.ProcessEnv) => /href="([^"]*)"/.exec(summary(report, linker(env)))?.[1];
    expect([place(github), place(gitlab), place({})]).to.deep.equal([
      "https&#58;//github.example/o/r/blob/abc/a%20b/index.ts&#35;L8",
      "https&#58;//gitlab.example/o/r/-/blob/abc/a%20b/index.ts&#35;L8",
      undefined,
    ]);
  });
});
