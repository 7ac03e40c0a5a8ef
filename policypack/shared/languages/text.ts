import { javascript } from "./javascript";
import type { Language } from "./language";

/** A message, or one whose code depends on the language of the program. It asks for the language only if it needs it. */
export type Text = string | ((program: () => Language) => string);

/** Follows code of which nobody knows whether it is in the program's language. */
export const GUESSED = `This is ${javascript.title}: nothing told the language of the program.`;

/** The message for a program. `tell` is asked once at most; where it doesn't know, the code is TypeScript, and says so. */
export function written(text: Text, tell: () => Language | undefined): string {
  if (typeof text === "string") return text;
  let told: { readonly language: Language | undefined } | undefined;
  const message = text(() => (told ??= { language: tell() }).language ?? javascript);
  return told !== undefined && told.language === undefined ? `${message}\n${GUESSED}` : message;
}
