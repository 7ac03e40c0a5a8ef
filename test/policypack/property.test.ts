import { config as chai, expect } from "chai";
import fc from "fast-check";
import { gaps, FLAGS } from "../../policypack/aws/flags";
import { openBuckets, type Attachment } from "../../policypack/policies/s3-bucket-public-access-block/rule";
import type { Resource, Value } from "../harness/engine/analyzer";
import { Secret } from "../harness/engine/values";
import { evaluate as evaluatePack, type Found } from "./evaluate";
import { evaluate, type Named, type Stack, type Verdict } from "./oracle";
import { BLOCK, ON } from "./resources";
import { testdata } from "../testdata";
import { parameters, SEED, TALLIES } from "./runs";
import { accountBlocks, stacks } from "./stacks";
import { tell, tellable, urnOf, type Dice, type Told } from "./wire";

chai.truncateThreshold = 0;

type Kind = Verdict["kind"] | "locked";

/** By how much rarer a kind is than others: several strong blocks on one bucket; one by another provider's. */
const RARE: Readonly<Record<string, number>> = { shared: 3, "by-name": 10 };

/** Counts verdicts: a property over stacks that all come out alike proves little. */
class Tally {
  private readonly counts: Record<Kind, number> = {
    ...{ locked: 0, missing: 0, "left-out": 0, unproven: 0, misnamed: 0, weak: 0, shared: 0, "by-name": 0 },
  };

  add(verdicts: [string, Verdict | undefined][]): void {
    for (const [, verdict] of verdicts) this.counts[verdict?.kind ?? "locked"] += 1;
  }

  /** Each kind is to have its share, in percent; some are rare. */
  check(least: number): void {
    const total = Object.values(this.counts).reduce((sum, count) => sum + count, 0);
    const shares = Object.entries(this.counts).map(([kind, count]) => `${kind} ${Math.round((100 * count) / total)} %`);
    console.log(`      ${total} buckets: ${shares.join(", ")}`);
    const rare = Object.entries(this.counts).filter(
      ([kind, count]) => (100 * count) / total < least / (RARE[kind] ?? 1),
    );
    if (TALLIES) expect(rare).to.deep.equal([]);
  }
}

describe("The rule and its oracle", () => {
  before(() => {
    console.log(`    seed ${SEED}; FC_SEED=${SEED} replays it`);
  });

  const attachment = ({ urn, name, from, scope }: Named): Attachment => {
    return { urn, bucket: name, references: from, scope };
  };

  function ruleOn({ buckets, blocks, companions }: Stack, mostAlike?: number): [string, Verdict][] {
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
      mostAlike,
    );
    return [...failures].map(([{ urn }, { kind, blocks }]) => [urn, { kind, blocks: blocks.map(({ urn }) => urn) }]);
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

  it("agree on the kinds, in any order of the blocks, where more than three that say the same are left out", () => {
    const property = fc.property(stacks, (some) => {
      const copied = (mark: string) => some.blocks.map((block) => ({ ...block, urn: `${block.urn}${mark}` }));
      const stack = { ...some, blocks: [...some.blocks, ...copied("b"), ...copied("c")] };
      const found = ruleOn(stack, 3);
      expect(found.map(([urn, { kind }]) => [urn, kind])).to.deep.equal(
        evaluate(stack).flatMap(([urn, verdict]) => (verdict === undefined ? [] : [[urn, verdict.kind]])),
      );
      expect(ruleOn({ ...stack, blocks: stack.blocks.toReversed() }, 3)).to.deep.equal(found);
    });
    fc.assert(property, parameters(5000));
  });
});

describe("The pack and the oracle", () => {
  const RULE = "s3-bucket-public-access-block";

  const KINDS = Object.entries(testdata("verdict-lines.yaml") as Record<Kind, string>) as [Kind, string][];

  const logicalName = (urn: string): string => urn.split("::").slice(3).join("::");

  /** What a violation says: on which bucket, of what kind, and of how many blocks, some of them by name. */
  function read({ urn, head: line }: Found & { head: string }): [string, Kind | undefined, number, string[]] {
    const blocks = line.slice(line.indexOf("public access block"));
    const names = [...blocks.matchAll(/ '(.*?)'/g)].map(([, name]) => name ?? "");
    if (line.includes(": its publicAccessBlockConfiguration ")) names.push(logicalName(urn));
    const more = Number(/ and (\d+) more/.exec(line)?.[1] ?? 0);
    const kind = KINDS.find(([, pattern]) => new RegExp(pattern).test(line))?.[0];
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

  const accounts = accountBlocks.map(({ provider = "explicit", ...block }) => ({ provider, ...block }));
  const given = fc.tuple(fc.array(accounts, { maxLength: 2 }), fc.boolean(), fc.infiniteStream(fc.nat(999)));

  it("agree on 500 stacks in the engine's words", () => {
    const tally = new Tally();
    const covering = { yes: 0, no: 0 };
    const property = fc.property(stacks.map(tellable), given, (stack, [accounts, accept, numbers]) => {
      const verdicts = evaluate(stack, accept ? accounts : []);
      tally.add(verdicts);
      const dice: Dice = (sides) => (numbers.next().value ?? 0) % sides;
      const told = tell(stack, accounts, dice);
      const [inputs, outputs] = [told.map((each) => each.inputs), told.map((each) => each.outputs)];
      const config = { [RULE]: { props: { acceptAccountPublicAccessBlock: accept } } };
      const found = evaluatePack(inputs, outputs, config);
      const ofBuckets = found.filter(({ policy }) => policy === RULE);
      expect(ofBuckets.map(read).sort()).to.deep.equal(expected(verdicts).sort());
      // A block is told of by itself unless a finding on its bucket tells of it.
      const covered = verdicts.flatMap(([, verdict]) => (verdict?.kind === "weak" ? verdict.blocks.map(urnOf) : []));
      const hasInputs = ({ inputs }: Told): boolean => Object.keys(inputs.props).length > 0;
      const weak = new Set(
        told
          .map((each) => (hasInputs(each) ? each.inputs : each.outputs))
          .filter(isWeak)
          .map(({ urn }) => urn),
      );
      const alone = [...weak].filter((urn) => !covered.includes(urn));
      covering[alone.length < weak.size ? "yes" : "no"] += 1;
      const ofBlocks = found.filter(({ policy }) => policy === "s3-public-access-block-flags");
      expect(ofBlocks.map(({ urn }) => urn).sort()).to.deep.equal(alone.sort());
      expect(ofBlocks.every((each) => each.level === "mandatory")).to.equal(true);
    });
    fc.assert(property, parameters(500));
    tally.check(3);
    console.log(`      a bucket's finding tells of a weak block in ${covering.yes} stacks`);
    if (TALLIES) expect(covering.yes).to.be.greaterThan(50);
  });
});
