/* How property tests run: FC_SEED and FC_PATH replay a run, FC_FACTOR makes it longer or shorter, 10 times with 10. */
export const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const PATH = process.env.FC_PATH;
const FACTOR = Number(process.env.FC_FACTOR ?? 1);

/** Whether a run is long enough, and its own, for a tally to say anything. */
export const TALLIES = PATH === undefined && FACTOR >= 1;

/** As `it`, for what takes seconds: not in the quick loop of unit tests, whose runs are shorter. */
export const slowIt: (title: string, test: () => void | Promise<void>) => void = FACTOR < 1 ? () => undefined : it;

/** All of a list, or for a run that is much shorter those that have a mark that none before has. */
export function sample<T>(list: readonly T[], marksOf: (each: T) => readonly string[]): readonly T[] {
  const seen = new Set<string>();
  const isNew = (mark: string) => !seen.has(mark) && seen.add(mark);
  return FACTOR < 0.2 ? list.filter((each) => marksOf(each).filter(isNew).length > 0) : list;
}

export function parameters(runs: number): { seed: number; numRuns: number; path?: string } {
  return { seed: SEED, numRuns: Math.ceil(runs * FACTOR), ...(PATH !== undefined && { path: PATH }) };
}
