import { config as chai, expect } from "chai";
import fc from "fast-check";
import { gaps, FLAGS } from "../../policypack/aws/flags";
import { openBuckets, type Attachment } from "../../policypack/policies/s3-bucket-public-access-block/rule";
import {
  boot,
  type Analyzer,
  type Diagnostic,
  type PolicyConfiguration,
  type Resource,
  type Value,
} from "../harness/engine/analyzer";
import { ROOT } from "../harness/engine/paths";
import { Secret } from "../harness/engine/values";
import { evaluate, type Named, type Stack, type Verdict } from "./oracle";
import { BLOCK, ON } from "./resources";
import { accountBlocks, stacks } from "./stacks";
import { tell, tellable, urnOf, type Dice, type Told } from "./wire";

chai.truncateThreshold = 0;

type Level = NonNullable<PolicyConfiguration["level"]>;

/*
 * FC_SEED (printed below) and FC_PATH (printed with a counterexample) replay a run. FC_FACTOR makes it longer or shorter:
 * with 10 there are ten times as many stacks.
 */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const PATH = process.env.FC_PATH;
const FACTOR = Number(process.env.FC_FACTOR ?? 1);

function parameters(runs: number): { seed: number; numRuns: number; path?: string } {
  return { seed: SEED, numRuns: Math.ceil(runs * FACTOR), ...(PATH !== undefined && { path: PATH }) };
}

type Kind = Verdict["kind"] | "locked";

/** Counts verdicts: a property over stacks that all come out alike proves little. */
class Tally {
  private readonly counts: Record<Kind, number> = {
    ...{ locked: 0, missing: 0, "left-out": 0, unproven: 0, misnamed: 0, weak: 0, shared: 0 },
  };

  add(verdicts: [string, Verdict | undefined][]): void {
    for (const [, verdict] of verdicts) this.counts[verdict?.kind ?? "locked"] += 1;
  }

  /** Each kind is to have its share, in percent; several strong blocks on one bucket are rare. */
  check(least: number): void {
    const total = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    const shares = Object.entries(this.counts).map(([kind, count]) => `${kind} ${Math.round((100 * count) / total)} %`);
    console.log(`      ${total} buckets: ${shares.join(", ")}`);
    const rare = Object.entries(this.counts).filter(
      ([kind, count]) => (100 * count) / total < (kind === "shared" ? least / 3 : least),
    );
    if (PATH === undefined && FACTOR >= 1) expect(rare).to.deep.equal([]);
  }
}

describe("The rule and its oracle", () => {
  before(() => {
    console.log(`    seed ${SEED}; FC_SEED=${SEED} replays it`);
  });

  const attachment = ({ urn, name, from, scope }: Named): Attachment => {
    return { urn, bucket: name, references: from, scope };
  };

  function ruleOn({ buckets, blocks, companions }: Stack): [string, Verdict][] {
    const failures = openBuckets(
      buckets.map(({ from, ...rest }) => ({ ...rest, references: from })),
      blocks.map((block) => ({
        ...attachment(block),
        gaps: gaps((flag) => block.flags[FLAGS.indexOf(flag)]),
        isSettled: block.isSettled,
        inThisRun: block.inThisRun,
        staysOn: block.staysOn,
      })),
      companions.map(attachment),
    );
    return [...failures].map(([{ urn }, { kind, blocks }]) => [
      urn,
      { kind, blocks: blocks.map(({ urn }) => urn).sort() },
    ]);
  }

  it("agree on 10 000 stacks", () => {
    const tally = new Tally();
    const property = fc.property(stacks, (stack) => {
      const verdicts = evaluate(stack);
      tally.add(verdicts);
      expect(ruleOn(stack)).to.deep.equal(verdicts.filter(([, verdict]) => verdict !== undefined));
    });
    fc.assert(property, parameters(10_000));
    tally.check(5);
  });
});

describe("The pack and the oracle", () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  const RULE = "s3-bucket-public-access-block";
  const FLAGS = "s3-public-access-block-flags";
  const isBy =
    (policy: string) =>
    (diagnostic: Diagnostic): boolean =>
      diagnostic.policy === policy;

  const KINDS: [Kind, RegExp][] = [
    ["shared", / has more than one public access block: .*\.$/],
    ["weak", /: (its publicAccessBlockConfiguration|public access block .*) (doesn't|don't) have the four flags on\.$/],
    ["left-out", /: --target or --exclude leaves its public access block .* out of this run\./],
    ["unproven", /: it can't be verified that public access block .* targets it\./],
    ["misnamed", /: public access block .* is made from it, and targets another name\./],
    ["missing", /: no public access block targets it\./],
  ];

  const logicalName = (urn: string): string => urn.split("::").slice(3).join("::");

  /** What a violation says: on which bucket, of what kind, and of how many blocks, some of them by name. */
  function read({ urn, message }: Diagnostic): [string, Kind | undefined, number, string[]] {
    const line = message.replace(/^Exempt: reviewed\n/, "").split("\n")[0] ?? "";
    const blocks = line.slice(line.indexOf("public access block"));
    const names = [...blocks.matchAll(/ '(.*?)'/g)].map(([, name]) => name ?? "");
    if (line.includes(": its publicAccessBlockConfiguration ")) names.push(logicalName(urn));
    const more = Number(/ and (\d+) more/.exec(line)?.[1] ?? 0);
    const kind = KINDS.find(([, pattern]) => pattern.test(line))?.[0];
    return [urn, kind, names.length + more, more > 0 ? [] : names.sort()];
  }

  function expected(verdicts: [string, Verdict | undefined][]): [string, Kind, number, string[]][] {
    return verdicts.flatMap(([name, verdict]) => {
      if (verdict === undefined) return [];
      const names = verdict.blocks.map((block) => logicalName(urnOf(block)));
      return [[urnOf(name), verdict.kind, names.length, names.length > 3 ? [] : names.sort()]];
    });
  }

  const open = (value: Value | undefined): unknown => (value instanceof Secret ? open(value.value) : value);
  const isWeak = ({ type, props, provider }: Resource): boolean => {
    const isTold = Object.keys(props).length > 0 || provider?.props.profile !== undefined || provider === undefined;
    return type === BLOCK && isTold && Object.keys(ON).some((flag) => open(props[flag]) !== true);
  };

  const config = fc.record({
    accept: fc.boolean(),
    level: fc.constantFrom<Level>("mandatory", "mandatory", "mandatory", "remediate", "advisory", "disabled"),
    /** Which of the buckets are exempt. */
    exempt: fc.array(fc.nat(9), { maxLength: 1 }),
  });

  it("agree on 500 stacks over the protocol", async () => {
    const tally = new Tally();
    const covering = { yes: 0, no: 0 };
    const property = fc.asyncProperty(
      stacks.map(tellable),
      fc.array(
        accountBlocks.map(({ provider = "explicit", ...block }) => ({ provider, ...block })),
        { maxLength: 2 },
      ),
      config,
      fc.infiniteStream(fc.nat(999)),
      async (stack, accounts, { accept, level, exempt }, numbers) => {
        const verdicts = evaluate(stack, accept ? accounts : []);
        tally.add(verdicts);
        const dice: Dice = (sides) => (numbers.next().value ?? 0) % sides;
        const told = tell(stack, accounts, dice);
        const isExempt = new Set(exempt.map((at) => urnOf(`bucket${at}`)));
        const exemptions = [...isExempt].map((urn) => ({ urn, reason: "reviewed" }));
        await pack.configure({ [RULE]: { level, props: { acceptAccountPublicAccessBlock: accept, exemptions } } });
        const said = await Promise.all(told.map(({ inputs }) => pack.analyze(inputs)));
        const found = await pack.analyzeStack(told.map(({ outputs }) => outputs));
        const ofBuckets = found.filter(isBy(RULE));
        expect(ofBuckets.map(read).sort()).to.deep.equal(level === "disabled" ? [] : expected(verdicts).sort());
        // A block is told of by itself unless a finding that blocks, on a bucket that isn't exempt, tells of it.
        const blocks = verdicts.filter(([name]) => !isExempt.has(urnOf(name)));
        const covered = new Set(
          level === "advisory" || level === "disabled"
            ? []
            : blocks.flatMap(([, verdict]) => (verdict?.kind === "weak" ? verdict.blocks.map(urnOf) : [])),
        );
        const hasInputs = ({ inputs }: Told): boolean => Object.keys(inputs.props).length > 0;
        const weak = told
          .map((each) => (hasInputs(each) ? each.inputs : each.outputs))
          .filter(isWeak)
          .map(({ urn }) => urn);
        const alone = [...new Set(weak)].filter((urn) => !covered.has(urn));
        covering[alone.length < new Set(weak).size ? "yes" : "no"] += 1;
        const ofBlocks = [...said.flat(), ...found].filter(isBy(FLAGS));
        expect(ofBlocks.map(({ urn }) => urn).sort()).to.deep.equal(alone.sort());
        expect(ofBlocks.every((each) => each.level === "mandatory")).to.equal(true);
      },
    );
    await fc.assert(property, parameters(500));
    tally.check(3);
    console.log(`      a bucket's finding tells of a weak block in ${covering.yes} stacks`);
    if (PATH === undefined && FACTOR >= 1) expect(covering.yes).to.be.greaterThan(50);
  });
});
