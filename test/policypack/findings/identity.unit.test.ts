import { expect } from "chai";
import type { Diagnostic, Resource } from "../../harness/engine/analyzer";
import { PolicyTester } from "../../harness/policy-tester";
import { baseline } from "../../../cli/audit/baseline";
import { readConfig } from "../../../cli/config";
import { report as gate } from "../../../cli/gate/verdict";
import { documentOf, exitCodeOf, findingsOf } from "../../../cli/report/audit";
import { fingerprints } from "../../../cli/report/fingerprint";
import { AUDIT_FORMATS } from "../../../cli/report/formats";
import { auditLog } from "../../../cli/report/log";
import { auditOf, stackOf } from "../../cli/audit/audits";
import { bucket as entryOf, urnOf } from "../../cli/audit/states";
import { ROOT } from "../../harness/engine/paths";
import { known, urn } from "../resources";

const RULE = "s3-bucket-public-access-block";
const STACK = "aws:cloudformation/stack:Stack";

const template = (...names: string[]): string =>
  JSON.stringify({
    Resources: Object.fromEntries(
      names.map((name) => [name, { Type: name.startsWith("Nested") ? STACK_TYPE : "AWS::S3::Bucket" }]),
    ),
  });
const STACK_TYPE = "AWS::CloudFormation::Stack";

/** A stack of CloudFormation, and the addresses of what is inside of it. */
const stack = (name: string, ...inside: string[]): Resource => ({
  ...{ type: STACK, urn: urn(name, STACK), name, provider: known },
  props: { templateBody: template(...inside) },
});
const within = (name: string, inside: string): string => `${urn(name, STACK)}#/Resources/${inside}`;

describe("What is inside of a resource", () => {
  const tester = new PolicyTester(ROOT);

  async function found(exempt: readonly string[], ...stacks: Resource[]): Promise<Diagnostic[]> {
    const exemptions = exempt.map((each) => ({ urn: each, reason: "reviewed" }));
    const all: Diagnostic[] = [];
    await tester.configured({ [RULE]: { props: { exemptions } } }, async () => {
      all.push(...(await tester.found(...stacks)));
    });
    return all;
  }
  /** As the gate has it of the engine, which only knows the resource that the finding is shown on. */
  const read = (diagnostics: readonly Diagnostic[]) =>
    gate(
      {
        steps: [],
        events: diagnostics.map(({ policy, urn: at, level, message }) => ({
          ...{ type: "violation" as const, pack: "s3-public-access-block", policy, urn: at, message },
          level: level === "mandatory" ? level : ("advisory" as const),
          ...{ severity: undefined, exceptions: undefined },
        })),
        exitCode: 0,
      },
      0,
      "dev",
      { repository: "/", project: "/", manifest: "Pulumi.yaml" },
    ).findings;

  const S = stack("S", "A", "B", "C");
  const addresses = ["A", "B", "C"].map((name) => within("S", name));

  it("isn't exempt by its host's URN, but by its own address, or by a pattern that reaches inside", async () => {
    const open = async (...exempt: string[]): Promise<number> =>
      (await found(exempt, S)).filter(({ level }) => level === "mandatory").length;
    const cases: [string, number][] = [
      [S.urn, 3],
      [`${S.urn}*`, 3],
      [urn("*", STACK), 3],
      [within("S", "A"), 2],
      [`${S.urn}#/Resources/*`, 0],
      [`${S.urn}#**`, 0],
      ["**", 0],
    ];
    for (const [exempt, left] of cases) expect(await open(exempt), exempt).to.equal(left);
  });

  it("is counted where a pattern exempts all that is in its host", async () => {
    const messages = (await found([`${S.urn}#**`], S)).map(({ message }) => message);
    expect(messages.at(-1)).to.include(`exemptions[0]: it covers 3 resources inside of others: ${S.urn}#**`);
  });

  it("has its address in what travels through the engine, whatever becomes of the finding", async () => {
    const cases: [string[], string][] = [
      [[], "violation"],
      [addresses, "exempt"],
    ];
    for (const [exempt, kind] of cases) {
      const findings = read(await found(exempt, S));
      expect(findings.map((each) => each.urn)).to.deep.equal(addresses);
      expect(findings.map((each) => each.kind)).to.deep.equal([kind, kind, kind]);
      expect(findings.map((each) => each.placedAt)).to.deep.equal([S.urn, S.urn, S.urn]);
    }
    const [note] = read(await found([], stack("S", "NestedOne")));
    expect([note?.urn, note?.kind]).to.deep.equal([within("S", "NestedOne"), "unverified"]);
  });

  it("has a fingerprint of its own, which stays when another one is fixed", async () => {
    const marks = async (...names: string[]) => {
      const findings = read(await found([], stack("S", ...names)));
      return new Map(fingerprints(findings).map((mark, at) => [findings[at]?.urn, mark]));
    };
    const [all, rest] = [await marks("A", "B", "C"), await marks("B", "C")];
    for (const [address, mark] of rest) expect(all.get(address), address).to.equal(mark);
  });

  it("is never taken for a stack whose name looks like its address", async () => {
    const odd = { ...stack("S#/Resources/Outer"), props: { templateBody: "{" } };
    const inOdd = stack("S#/Resources/Outer", "Inner");
    const outer = { ...S, props: { templateBody: template("Outer#/Resources/Inner", "Outer") } };
    const seen = read([...(await found([], outer)), ...(await found([], odd)), ...(await found([], inOdd))]);
    expect(new Set(seen.map((each) => each.urn)).size).to.equal(4);
    for (const { urn: exempt } of seen) {
      const left = read([
        ...(await found([exempt], outer)),
        ...(await found([exempt], odd)),
        ...(await found([exempt], inOdd)),
      ]).filter(({ kind }) => kind === "violation");
      expect(left.length, exempt).to.equal(3);
    }
  });

  it("is believed only below the resource that the engine names", async () => {
    const [first] = await found([], S);
    const moved = { ...first, urn: urn("other", STACK) } as Diagnostic;
    expect(read([moved])[0]?.urn).to.equal(moved.urn);
  });

  describe("in an audit", () => {
    const place = { project: "shop", stack: "dev" };
    const state = (...names: string[]): string =>
      stackOf(
        place,
        entryOf("S", {
          ...{ urn: urnOf("S", STACK), type: STACK, id: "arn:S" },
          ...{ inputs: { templateBody: template(...names) }, outputs: { templateBody: template(...names) } },
        }),
      );
    const at = (name: string): string => `${urnOf("S", STACK)}#/Resources/${name}`;
    const terms = { reason: "there before", expires: "2027-02-23" };

    it("is in every report by its address", async () => {
      const result = await auditOf({ dev: state("A", "B", "NestedOne") });
      expect(findingsOf(result).map((each) => each.urn)).to.deep.equal(["A", "B", "NestedOne"].map(at));
      const written = AUDIT_FORMATS.map(({ render }) =>
        render(result.reports, { product: { version: "1" }, time: "2026-11-25T00:00:00Z", audit: result }),
      );
      const reports = [
        auditLog(result)
          .map((line) => line.text)
          .join("\n"),
        ...written,
      ].map((report) =>
        report.replace(/<wbr \/>/g, "").replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
      );
      // The first that is alike by its whole address.
      for (const report of reports)
        for (const part of [at("A"), "S#/Resources/B", "S#/Resources/NestedOne"]) expect(report).to.include(part);
    });

    it("has a subject in the cause of a note", async () => {
      const { sections } = documentOf(await auditOf({ dev: state("NestedOne") }));
      expect(sections.map(({ title }) => title)).to.deep.equal([
        "Advisory: Unverified: A resource can't be evaluated: it is a nested stack, whose template is elsewhere. A bucket that it makes isn't evaluated",
      ]);
    });

    it("is in a baseline one by one, so that the next one blocks; the engine's form can't name it", async () => {
      const before = await auditOf({ dev: state("A") });
      const config = readConfig("{}");
      const { text: written, added } = baseline(before, config, { format: "pack", ...terms });
      expect([JSON.parse(written), added]).to.deep.equal([
        { [RULE]: { exemptions: [{ urn: at("A"), since: before.date, ...terms }] } },
        1,
      ]);
      const after = await auditOf({ dev: state("A", "B") }, { config: JSON.parse(written) as object });
      expect(findingsOf(after).map((each) => [each.urn, each.blocks])).to.deep.equal([
        [at("B"), true],
        [at("A"), false],
      ]);
      expect(exitCodeOf(after)).to.equal(1);
      const engine = baseline(before, config, { format: "engine", ...terms });
      expect([engine.added, engine.leftOut]).to.deep.equal([0, [at("A")]]);
    });

    it("is counted where a pattern exempts it with its host", async () => {
      const exemption = { urn: `${urnOf("S", STACK)}#**`, reason: "the vendor's" };
      const result = await auditOf({ dev: state("A", "B") }, { config: { [RULE]: { exemptions: [exemption] } } });
      expect(auditLog(result).map((line) => line.text)).to.include.members([
        "Exemptions that reach inside of a resource (1)",
        `  - ${RULE}  ${exemption.urn}  the vendor's (it covers 2 findings)`,
      ]);
    });
  });
});
