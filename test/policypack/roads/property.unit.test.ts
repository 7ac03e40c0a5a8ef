import { config as chai, expect } from "chai";
import fc from "fast-check";
import { boot, type Analyzer } from "../../../harness/engine/analyzer";
import { ROOT } from "../../../harness/engine/paths";
import { evaluate, type Found } from "./evaluate";
import { expected, models, type Model } from "./model";
import { ROADS, type Dice, type Road } from "./render";

chai.truncateThreshold = 0;

/* FC_SEED and FC_PATH replay a run, FC_FACTOR makes it longer or shorter, as in ../property.test.ts. */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const PATH = process.env.FC_PATH;
const FACTOR = Number(process.env.FC_FACTOR ?? 1);

function parameters(runs: number): { seed: number; numRuns: number; path?: string } {
  return { seed: SEED, numRuns: Math.ceil(runs * FACTOR), ...(PATH !== undefined && { path: PATH }) };
}

const SKIP_DESTROY = "s3-public-access-block-skip-destroy";

/** The level, the policy, and the number in the name of the resource: that of the bucket or of the block. */
function entry({ policy, level, urn }: Found): string {
  const name = urn.replace(/#.*/, "");
  return `${level} ${policy} ${/(\d+)$/.exec(name)?.[1] ?? name}`;
}

function entries(found: readonly Found[]): string[] {
  return found.filter(({ policy }) => policy !== SKIP_DESTROY).map(entry);
}

describe(`A bucket by each road (seed ${SEED}; FC_SEED=${SEED} replays it)`, () => {
  const run = fc.tuple(models, fc.infiniteStream(fc.nat(999)));
  const thrown =
    (numbers: Iterator<number>): Dice =>
    (sides) =>
      (numbers.next().value as number) % sides;

  for (const road of ROADS) {
    it(`is found to be what the oracle says of it, by ${road.name}, in 100 models`, () => {
      const tally = { none: 0, open: 0, all: 0 };
      fc.assert(
        fc.property(run, ([model, numbers]) => {
          const within = road.within(model);
          const wanted = expected(within);
          const ofBuckets = wanted.filter((each) => each.startsWith("mandatory s3-bucket-"));
          tally.all += within.buckets.length;
          tally.open += ofBuckets.length;
          if (wanted.length === 0) tally.none += 1;
          expect(entries(evaluate(road.render(within, thrown(numbers)))).sort()).to.deep.equal(wanted);
        }),
        parameters(100),
      );
      // A property over models that all come out alike proves little.
      if (PATH !== undefined || FACTOR < 1) return;
      expect(tally.open / tally.all).to.be.within(0.2, 0.9);
      expect(tally.none, "models without a finding").to.be.at.least(3);
    });
  }

  describe("over the protocol", () => {
    let pack: Analyzer;
    before(async () => {
      pack = await boot(ROOT);
    });
    after(() => pack.close());

    async function said(road: Road, model: Model, dice: Dice): Promise<string[]> {
      const resources = road.render(model, dice);
      const first = await Promise.all(resources.map((each) => pack.analyze(each)));
      const found = [...first.flat(), ...(await pack.analyzeStack(resources))];
      return entries(found);
    }

    it("is found to be the same, in 5 models by each road", async () => {
      const property = fc.asyncProperty(run, async ([model, numbers]) => {
        for (const road of ROADS) {
          await pack.configure({});
          const within = road.within(model);
          const found = await said(road, within, thrown(numbers));
          expect(found.sort(), road.name).to.deep.equal(expected(within));
        }
      });
      await fc.assert(property, parameters(5));
    });
  });
});
