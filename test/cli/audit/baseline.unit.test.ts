import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { baseline, type Baseline, type Terms } from "../../../cli/audit/baseline";
import { NO_CONFIG, readConfig } from "../../../cli/config";
import { exitCodeOf, findingsOf } from "../../../cli/report/audit";
import { auditOf, stackOf, WEBSITE, website } from "./audits";
import { bucket, BLOCK, urnOf, type Place } from "./states";

const TERMS: Terms = { format: "pack", reason: "there before", expires: "2027-02-23" };
const NAMES: Record<string, string> = {
  ...{ RULE: "s3-bucket-public-access-block", FLAGS: "s3-public-access-block-flags" },
  ...{ LOGS: urnOf("logs", undefined, WEBSITE), SITE: urnOf("site", undefined, WEBSITE) },
  LOCK: urnOf("logsLock", BLOCK, WEBSITE),
};
const STATES = {
  once: { a: website() },
  twice: { a: website(), again: website() },
  star: { a: stackOf({}, bucket("data*")) },
};

interface Case extends Pick<Baseline, "added"> {
  readonly states?: keyof typeof STATES;
  readonly config?: object;
  readonly format?: Terms["format"];
  readonly content: object;
  readonly leftOut?: string[];
}
const TEXT = readFileSync(join(__dirname, "../../testdata/audit/baselines.yaml"), "utf8");
const CASES = parse(TEXT.replaceAll(/\b(RULE|FLAGS|LOGS|SITE|LOCK)\b/g, (name) => NAMES[name] ?? "")) as Record<
  string,
  Case
>;

async function baselineOf({ states = "once", config, format = "pack" }: Omit<Case, "content" | "added">) {
  const audit = await auditOf(STATES[states], config === undefined ? {} : { config });
  const given = config === undefined ? NO_CONFIG : readConfig(JSON.stringify(config));
  const { text, ...rest } = baseline(audit, given, { ...TERMS, format });
  return { content: JSON.parse(text) as object, ...rest };
}

describe("A baseline", () => {
  for (const [title, { content, added, leftOut = [], ...given }] of Object.entries(CASES))
    it(title, async () => {
      expect(await baselineOf(given)).to.deep.equal({ content, added, leftOut });
    });

  for (const format of ["pack", "engine"] as const) {
    it(`in the form of the ${format} makes the next audit pass, and one with something new fail`, async () => {
      const place: Place = { project: "new", stack: "dev" };
      const { content } = await baselineOf({ format });
      const same = await auditOf({ a: website() }, { config: content });
      const more = await auditOf({ a: website(), b: stackOf(place, bucket("new", {}, place)) }, { config: content });
      expect([
        exitCodeOf(same),
        findingsOf(same).map(({ kind, name }) => `${kind} ${name}`),
        exitCodeOf(more),
        findingsOf(more).flatMap(({ blocks, name }) => (blocks ? [name] : [])),
      ]).to.deep.equal([0, ["exempt site", "exempt logs", "exempt logsLock"], 1, ["new"]]);
    });
  }
});
