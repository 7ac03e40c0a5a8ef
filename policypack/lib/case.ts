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

const CASES: Readonly<Record<string, (text: string) => string>> = {
  camel: (text) => camelCase(...text.split("-")),
  capital: (text) => text.split("-").map(capitalized).join(""),
  snake: (text) => snakeCase(decapitalized(text)).replaceAll("-", "_"),
  flat: (text) => text.replaceAll("-", ""),
};

/** The template with the values in it; `{name:case}` changes a value's case. A value is no template itself. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, wanted = "") => {
    const value = values[name] ?? "";
    return CASES[wanted as string]?.(value) ?? value;
  });
}

/** Words as the ending of a name, in the manner of the first of these names that shows one: `-access-block`, `AccessBlock`. */
export function endingLike(names: readonly string[], words: readonly string[], otherwise = ""): string {
  const shown = names.map((name) => /[-_]|[a-z][A-Z]/.exec(name)?.[0]).find((each) => each !== undefined);
  const between = shown?.replace(/\w{2}/, "") ?? otherwise;
  return words.map((word) => (between === "" ? capitalized(word) : between + word)).join("");
}
