import { expect } from "chai";
import { parse } from "yaml";
import { remarksOn } from "../../../policypack/exemptions/remarks";
import type { Exemption } from "../../../policypack/exemptions/options";
import { textOf } from "../../testdata";

interface Case {
  readonly exemptions: readonly string[];
  readonly unused?: boolean;
  readonly urns?: readonly string[];
  readonly stack?: null;
  readonly remarks?: readonly string[];
}
const STACK = "urn:pulumi:prod::website::";
const [SITE, LOGS] = ["site", "logs"].map((name) => `${STACK}aws:s3/bucket:Bucket::${name}`) as [string, string];
const CASES = parse(textOf("remarks.yaml").replaceAll("SITE", SITE).replaceAll("STACK", STACK)) as Record<string, Case>;

function found({ exemptions, unused = false, urns = [SITE, LOGS], stack }: Case): string[] {
  const all = exemptions.map((each): Exemption => {
    const [urn = "", expires] = each.split(" ");
    return { urn, reason: "reviewed", ...(expires !== undefined && { expires }) };
  });
  const used = new Set(unused ? [] : all);
  return remarksOn(all, { today: "2027-03-01", stack: stack === null ? undefined : STACK, urns, used });
}

describe("The remarks on exemptions", () => {
  for (const [title, each] of Object.entries(CASES))
    it(`${each.remarks ? "" : "are "}${title}`, () => {
      expect(found(each)).to.deep.equal(each.remarks ?? []);
    });

  it("name five of a kind, and count the others", () => {
    const told = found({ exemptions: Array.from({ length: 10_000 }, (_, at) => `bucket-${at}`) });
    expect([told.length, told.at(-1)]).to.deep.equal([6, "and 9995 more like these"]);
  });
});
