import { parseArgs, type ParseArgsConfig } from "node:util";
import { didYouMean } from "../policypack/face";
import { UsageError } from "./command";

/**
 * Reads a command's options as `util.parseArgs` does, and says of one that is not known which may be meant.
 * @param otherwise what to say where none is
 * @throws UsageError
 */
export function readOptions<T extends ParseArgsConfig>(config: T, otherwise = ""): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '([^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageError(message);
    const known = [...Object.keys(config.options ?? {}), "help"].map((name) => `--${name}`);
    const meant = didYouMean(unknown, known, (option) => option);
    throw new UsageError(`there is no option ${unknown}${meant === "" ? otherwise : meant}`);
  }
}

/** A word as a shell takes it. */
export function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
