/**
 * The word among those that a misspelt one most likely means; undefined where none is near enough to be meant.
 * @param most how many letters may be wrong: a third, since of two unrelated words of the same length more are
 */
export function nearest(
  word: string,
  known: readonly string[],
  most = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  const near = known
    .filter((candidate) => Math.abs(candidate.length - word.length) <= most)
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= most);
  return near.sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** The end of a message on an unknown word: `; did you mean "stack"?`, or nothing. */
export function didYouMean(
  word: string,
  known: readonly string[],
  quote: (word: string) => string,
  most?: number,
): string {
  const meant = nearest(word, known, most);
  return meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
}

/** The remark on an unknown policy, whose configuration has no effect; `all` stands for every policy. */
export function unknownPolicy(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, [...known, "all"], (policy) => policy);
  return `${name}: unknown policy${meant === "" ? `; there are ${known.join(", ")}, and all` : meant}`;
}

/** How many letters are added, left out, changed, or swapped with the next (the restricted Damerau-Levenshtein distance). */
function distanceOf(word: string, candidate: string): number {
  const rows = [Array.from({ length: candidate.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= word.length; row++) {
    const distances = [row];
    rows.push(distances);
    for (let column = 1; column <= candidate.length; column++) {
      const isSame = word[row - 1] === candidate[column - 1];
      const isSwapped = word[row - 1] === candidate[column - 2] && word[row - 2] === candidate[column - 1];
      const [up, left, both] = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1)];
      const swapped = isSwapped ? at(row - 2, column - 2) + 1 : Infinity;
      distances.push(Math.min(up, left, both + (isSame ? 0 : 1), swapped));
    }
  }
  return at(word.length, candidate.length);
}
