/* Days in UTC, as YYYY-MM-DD: they compare as texts. */

const DAY = 86_400_000;

export function today(): string {
  return dayOf(Date.now());
}

export function dayAfter(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY);
}

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY);
}

/** 2027-02-30 is read as 2 March by some engines: only a day that reads back as itself is one. */
export function isDay(value: unknown): boolean {
  const time = Date.parse(`${String(value)}T00:00:00Z`);
  return !Number.isNaN(time) && dayOf(time) === value;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
