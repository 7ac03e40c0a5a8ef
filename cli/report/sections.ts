import { fitted, joined, LIMIT } from "./markdown";

/** Something that is told in one line of HTML, with what is folded away behind it. */
export interface Entry {
  readonly line: string;
  readonly folded: string;
}

/** Entries under a heading, or folded away as a whole. */
export interface Section {
  readonly title: string;
  readonly isFolded: boolean;
  readonly entries: readonly Entry[];
}

/** What a section needs beside its entries: its heading and the note of what is left out. */
const FRAME = 400;

/**
 * A document that fits into a comment. Where it would get too long, entries lose what is folded away behind them, from the
 * last one on; and if even their lines are too many, the last ones are left out, and counted.
 */
export function document(head: readonly string[], sections: readonly Section[]): string {
  const shown = sections.filter(({ entries }) => entries.length > 0);
  const top = fitted(head, LIMIT / 2);
  let room = LIMIT - top.length - shown.length * FRAME;
  /** Whether so much fits in still. After the first that doesn't, nothing does. */
  const take = (length: number): boolean => {
    const fits = length <= room;
    room = fits ? room - length : -1;
    return fits;
  };
  const kept = shown.map(({ entries }) => entries.filter(({ line }) => take(short(line).length + 1)));
  room = Math.max(room, 0);
  const body = shown.flatMap(({ title, isFolded, entries }, at) => {
    const lines = (kept[at] ?? []).map(({ line, folded }) =>
      take(long(line, folded).length - short(line).length) ? long(line, folded) : short(line),
    );
    const left = entries.length - lines.length;
    const note = left === 0 ? [] : [`<div>${left} more are left out here: the job's log has every finding.</div>`];
    return isFolded
      ? [`<details><summary><b>${title}</b></summary>`, ...lines, ...note, "</details>", ""]
      : [`### ${title}`, "", ...lines, ...note, ""];
  });
  return joined([top, ...body]);
}

// No empty line is in them, since that would end the HTML.
const short = (line: string): string => `<div>${line}</div>`;
const long = (line: string, folded: string): string =>
  `<details><summary>${line}</summary><blockquote>${folded}</blockquote></details>`;
