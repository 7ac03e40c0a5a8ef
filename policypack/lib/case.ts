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
