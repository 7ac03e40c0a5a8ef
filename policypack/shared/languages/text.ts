import { javascript } from "./javascript";

/** Follows code of which nobody knows whether it is in the program's language. */
export const GUESSED = `This is ${javascript.title}: nothing told the language of the program.`;
