import { expect } from "chai";
import { baseline, type Baseline, type Terms } from "../../../cli/audit/baseline";
import { NO_CONFIG, readConfig } from "../../../cli/config";
import { exitCodeOf, findingsOf } from "../../../cli/report/audit";
import { auditOf, stackOf, WEBSITE, website } from "./audits";
import { bucket, BLOCK, urnOf, type Place } from "./states";

const RULE = "s3-bucket-public-access-block";
const FLAGS = "s3-public-access-block-flags";
const TERMS: Terms = { format: "pack", reason: "there before", expires: "2027-02-23" };
const [logs, site, lock] = [
  urnOf("logs", undefined, WEBSITE),
  urnOf("site", undefined, WEBSITE),
  urnOf("logsLock", BLOCK, WEBSITE),
];

async function baselineOf(
  states: Record<string, string>,
  { config, terms = {} }: { config?: object; terms?: Partial<Terms> } = {},
): Promise<Omit<Baseline, "text"> & { content: object }> {
  const audit = await auditOf(states, config === undefined ? {} : { config });
  const given = config === undefined ? NO_CONFIG : readConfig(JSON.stringify(config));
  const { text, ...rest } = baseline(audit, given, { ...TERMS, ...terms });
  return { content: JSON.parse(text) as object, ...rest };
}

describe("A baseline", () => {
  const entry = (urn: string) => ({ urn, reason: "there before", expires: "2027-02-23" });

  it("exempts each resource that is open, by policy, once, and the block whose finding the bucket's covers", async () => {
    expect(await baselineOf({ a: website(), again: website() })).to.deep.equal({
      content: { [RULE]: { exemptions: [entry(logs), entry(site)] }, [FLAGS]: { exemptions: [entry(lock)] } },
      added: 3,
      leftOut: [],
    });
  });

  it("is added to the configuration that there is", async () => {
    const old = { urn: logs, reason: "old", expires: "2020-01-01" };
    const config = {
      environments: ["prod"],
      [RULE]: { acceptAccountPublicAccessBlock: true, exemptions: [old] },
      [FLAGS]: "remediate",
      "s3-no-public-acl": "advisory",
    };
    expect((await baselineOf({ a: website() }, { config })).content).to.deep.equal({
      environments: ["prod"],
      [RULE]: { acceptAccountPublicAccessBlock: true, exemptions: [old, entry(logs), entry(site)] },
      [FLAGS]: { enforcementLevel: "remediate", exemptions: [entry(lock)] },
      "s3-no-public-acl": "advisory",
    });
  });

  it("is added to the policies of a configuration of version 2", async () => {
    const config = { version: 2, policies: { all: "mandatory" }, exceptions: {} };
    expect((await baselineOf({ a: website() }, { config })).content).to.deep.equal({
      ...config,
      policies: {
        all: "mandatory",
        [RULE]: { exemptions: [entry(logs), entry(site)] },
        [FLAGS]: { exemptions: [entry(lock)] },
      },
    });
  });

  it("has nothing in it for what blocks nothing", async () => {
    const config = { all: "advisory" };
    const { content, added } = await baselineOf({ a: website() }, { config });
    expect([content, added]).to.deep.equal([config, 0]);
  });

  it("leaves out a resource with a star in its name, which would stand for others too", async () => {
    const { content, added, leftOut } = await baselineOf({ a: stackOf({}, bucket("data*")) });
    expect([content, added, leftOut]).to.deep.equal([{}, 0, [urnOf("data*")]]);
  });

  it("in the engine's form names policies and targets, and its last day in the reason", async () => {
    const config = { [RULE]: "mandatory" };
    const id = "baseline-2026-11-25";
    const reason = "there before; until 2027-02-23";
    expect((await baselineOf({ a: website() }, { config, terms: { format: "engine" } })).content).to.deep.equal({
      version: 2,
      policies: config,
      exceptions: {
        [`${id}-${RULE}`]: { reason, match: [{ policies: [RULE], targets: [logs, site] }] },
        [`${id}-${FLAGS}`]: { reason, match: [{ policies: [FLAGS], targets: [lock] }] },
      },
    });
  });

  it("in the engine's form keeps the exceptions that there are, also of the same day", async () => {
    const id = `baseline-2026-11-25-${RULE}`;
    const first = { reason: "old", match: [{ policies: [RULE], targets: [site] }] };
    const config = { version: 2, exceptions: { [id]: first } };
    const { content } = await baselineOf({ a: website() }, { config, terms: { format: "engine" } });
    expect((content as typeof config).exceptions).to.deep.include({
      [id]: first,
      [`${id}-2`]: { reason: "there before; until 2027-02-23", match: [{ policies: [RULE], targets: [logs] }] },
    });
  });

  for (const format of ["pack", "engine"] as const) {
    it(`in the form of the ${format} makes the next audit pass, and one with something new fail`, async () => {
      const place: Place = { project: "new", stack: "dev" };
      const { content } = await baselineOf({ a: website() }, { terms: { format } });
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
