import type { Position } from "./position";

export function plural(count: number, word: string): string {
  return `${thousands(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** 12,345. Node.js takes longer to load what it knows of languages than a small audit takes. */
export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A place as editors and terminals take it. */
export function placed({ file, line, column }: Position): string {
  return [file, line, ...(column === undefined ? [] : [column])].join(":");
}
