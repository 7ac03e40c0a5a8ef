import { expect } from "chai";
import fc from "fast-check";
import { neutral } from "../../../cli/report/neutral";
import type { Resource } from "../../../policypack/engine/resource";
import type { Exemption } from "../../../policypack/exemptions/options";
import { documentFor } from "../../../policypack/exemptions/entry";
import { fixesOf, type Published } from "../../../policypack/findings/finding";
import { read, titleOf, write } from "../../../policypack/findings/text";
import SENTENCES from "../../../policypack/findings/sentences.json";
import { policies } from "../../../policypack/policies";
import { adapt } from "../../../policypack/adapters";
import { published, withExemptions } from "../../../policypack/findings/with-exemptions";
import { languageOfRuntime } from "../../../policypack/languages";
import { UNKNOWN } from "../../../policypack/lib/values";
import { filledIn } from "../cases";
import { parameters, sample } from "../runs";
import { testdata } from "../../testdata";

const RUNTIMES = ["nodejs", "python", "go", "dotnet", "java", "yaml", "hcl", "none"];

/** Names that try to be something else than a name. */
const { logicalNames: HOSTILE } = testdata("nonsense.yaml") as { logicalNames: string[] };

/** A resource of sentences.yaml, which says how it is written. */
interface Written extends Partial<Pick<Resource, "inThisRun">> {
  readonly type: string;
  readonly end?: string;
  readonly props?: object;
  readonly from?: readonly string[];
  readonly parent?: string;
  readonly isSecret?: boolean;
  readonly isOld?: boolean;
}
const { programs } = filledIn(testdata("sentences.yaml"), { unknown: UNKNOWN }) as { programs: Written[][] };

function resource(
  { type, end = "", props = {}, from = [], parent, isSecret = false, isOld = false, inThisRun = true }: Written,
  name: string,
): Resource {
  const urnOf = (type: string, name: string): string => `urn:pulumi:dev::p::${type}::${name}`;
  const values = new Map<string, unknown>(Object.entries(props));
  const read = (key: string): unknown => values.get(key);
  const version = (key: string) => (key === "version" && !isOld ? "7.48.0" : undefined);
  return {
    ...{ urn: urnOf(type, name + end), type: type.split("$").at(-1) ?? "", read, input: read },
    provider: { urn: urnOf("pulumi:providers:aws", isOld ? name : name + end), read: version },
    ...(parent !== undefined && { parent: urnOf(parent, name) }),
    ...{ isSecret: () => isSecret, references: () => from.map((each) => urnOf(each, name)), inThisRun },
    ...{ hasOutputs: true, hasInputs: true, isWithoutInputs: false, ignoreChanges: [] },
  };
}

/** All that is published of the programs, as it is, exempt, and where the exemption has run out. */
function everything(name: string, runtime: string, reason: string): Published[] {
  const language = () => languageOfRuntime(runtime);
  const lists: Exemption[][] = [[], [{ urn: "**", reason }], [{ urn: "**", reason, expires: "2020-01-01" }]];
  const breaks = { rule: "exemptionRules.maxDays", why: "it never expires" };
  lists.push([{ urn: "**", reason, breaks }]);
  return programs.flatMap((program) => {
    const all = adapt(program.map((each) => resource(each, name)));
    const hosts = new Map(all.map(({ urn, on = urn }) => [urn, on]));
    return policies.flatMap((policy) => {
      const seen = all.filter(({ type }) => policy.reads(type));
      const findings =
        "evaluateStack" in policy
          ? policy.evaluateStack(seen, {})
          : seen.flatMap((each) => policy.evaluateResource(each, {}));
      return lists.flatMap((exemptions) =>
        withExemptions(findings, hosts, exemptions, "2026-11-30").map((each) =>
          published(each, policy, "security@example.com", language),
        ),
      );
    });
  });
}

/** The document has its entries by policy. */
const comparable = ({ howToExempt, ...rest }: Published) => ({
  ...rest,
  howToExempt: howToExempt && { ...howToExempt, exempted: documentFor(howToExempt.exempted) },
});

describe("The text of a finding", () => {
  const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 20 }));

  it("is read as what was written, for every policy, language, and name", () => {
    fc.assert(
      fc.property(name, fc.constantFrom(...RUNTIMES), fc.constantFrom(...HOSTILE.filter(Boolean)), (...given) => {
        for (const each of everything(...given))
          expect(comparable(read(write(each))), write(each)).to.deep.equal(comparable(each));
      }),
      { ...parameters(30), examples: HOSTILE.map((each, at) => [each, RUNTIMES[at % 8] ?? "", each || "x"]) },
    );
  });

  it("says the same to a program when all that can't be seen is taken out of it", () => {
    const essence = (each: Published) => {
      const { kind, cause, address, exemption, howToExempt } = comparable(each);
      const fixes = fixesOf(each).map(({ kind: does, properties }) => [does, properties]);
      return { kind, cause, address, expires: exemption?.expires, howToExempt, fixes };
    };
    for (const given of sample(HOSTILE, ([first = ""]) => [first]))
      for (const each of everything(given, "python", given || "x"))
        expect(essence(read(neutral(write(each)).trim()))).to.deep.equal(essence(each));
  });

  it("has every sentence that there is", () => {
    const all = everything("data", "nodejs", "reviewed");
    const [causes, fixes] = [all.map(({ cause }) => cause), all.flatMap(fixesOf).map(({ kind }) => kind)];
    const missing = (table: object, had: readonly string[]) => Object.keys(table).filter((key) => !had.includes(key));
    // What the gate alone says never travels as text.
    expect([missing(SENTENCES.headlines, causes), missing(SENTENCES.headings, fixes)]).to.deep.equal([
      ["lost"],
      ["add-target", "remove-exclude", "other"],
    ]);
  });

  it("of another version of the pack is read as far as it goes", () => {
    const { cause, facts, lines } = read("Something new.\nMore.\nDo this:\n      a\n      b");
    expect({ cause, facts, lines }).to.deep.equal({
      ...{ cause: "other", facts: { text: "Something new." } },
      lines: ["More.", { kind: "other", facts: { text: "Do this:" }, code: ["a", "b"], properties: [] }],
    });
  });

  it("has a title without names, that a group of findings can have", () => {
    const titles = [...new Set(everything("it's", "nodejs", "reviewed").map(titleOf))];
    expect(titles.filter((title) => title.includes("it’s"))).to.deep.equal([]);
    expect(titles).to.include.members([
      "Bucket can be opened to the public: it can't be verified that public access block targets it",
      "Bucket has more than one public access block",
      "The bucket policy is public",
      "A resource has the type acme:s3:Bucket, which can make an S3 bucket that this pack can't evaluate",
    ]);
  });
});
