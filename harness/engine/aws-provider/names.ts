/** Auto-naming, as the real provider does it: the resource's name in the program and seven hex digits. */
import { createHash } from "node:crypto";

const RANDOM_DIGITS = 7;

/** `count` hex digits drawn from the seed that the engine sends with each Check: new at every preview and update. */
export function hex(seed: Uint8Array, urn: string, count: number): string {
  return createHash("sha256").update(seed).update(urn).digest("hex").slice(0, count);
}

/** The last part of a URN: the name in the program. It may itself hold `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** A name such as `models-1a2b3c4`, no longer than allowed. */
export function autoName(urn: string, seed: Uint8Array, maxLength: number): string {
  return `${nameOf(urn).slice(0, maxLength - RANDOM_DIGITS - 1)}-${hex(seed, urn, RANDOM_DIGITS)}`;
}
