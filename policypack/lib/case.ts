/* Names in the spelling of other languages. */

export function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function decapitalized(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

/** `blockPublicAcls` and `BlockPublicAcls` as `block_public_acls`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** The words `block`, `public`, `acls` as `blockPublicAcls`. */
export function camelCase(...[first = "", ...others]: string[]): string {
  return first + others.map(capitalized).join("");
}

/** Words as the ending of a name, in the manner of the first of these names that shows one: `-access-block`, `AccessBlock`. */
export function endingLike(names: readonly string[], words: readonly string[], otherwise = ""): string {
  const shown = names.map((name) => /[-_]|[a-z][A-Z]/.exec(name)?.[0]).find((each) => each !== undefined);
  const between = shown?.replace(/\w{2}/, "") ?? otherwise;
  return words.map((word) => (between === "" ? capitalized(word) : between + word)).join("");
}
