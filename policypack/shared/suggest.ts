/**
 * The word among those that a misspelt one most likely means; undefined where none is near enough to be meant.
 * @param most how many letters may be wrong: a third, since of two unrelated words of the same length more are
 */
export function nearest(
  word: string,
  known: readonly string[],
  most = Math.max(1, Math.floor(word.length / 3)),
): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > most) continue;
    const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** What follows the message on a word that isn't known: `; did you mean "stack"?`, or nothing. */
export function didYouMean(
  word: string,
  known: readonly string[],
  quote: (word: string) => string,
  most?: number,
): string {
  const meant = nearest(word, known, most);
  return meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
}

/** What is said of a policy that the pack doesn't have, whose configuration does nothing; `all` stands for each of them. */
export function unknownPolicy(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, [...known, "all"], (policy) => policy);
  return `${name}: there is no such policy${meant === "" ? `; there are ${known.join(", ")}, and all` : meant}`;
}

/** How many letters are added, left out, changed, or swapped with the next (the restricted Damerau-Levenshtein distance). */
function distanceOf(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const [above, left, diagonal] = [last[column], next[column - 1], last[column - 1]] as [
        number,
        number,
        number,
      ];
      next.push(
        Math.min(
          above + 1,
          left + 1,
          diagonal + (isSame ? 0 : 1),
          isSwapped ? (before[column - 2] ?? Infinity) + 1 : Infinity,
        ),
      );
    }
    [before, last] = [last, next];
  }
  return last[other.length] ?? Infinity;
}
