/** The middle value, or the mean of the two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((lower ?? NaN) + (upper ?? NaN)) / 2;
}

/** What was measured: metric, pack, and a value for each run. */
export type Measurements = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** Which pack the others are compared with, for each metric that is compared. */
export type Baselines = readonly { readonly metric: RegExp; readonly pack: string }[];

/** How many times as much as the baseline each pack takes: quotients of medians. */
export function ratioTable(measured: Measurements, packs: readonly string[], baselines: Baselines): string {
  const rows = [...measured].flatMap(([metric, byPack]) => {
    const baseline = baselines.find((each) => each.metric.test(metric))?.pack;
    if (baseline === undefined) return [];
    const whole = median(byPack.get(baseline) ?? []);
    const cells = packs.map((pack) => {
      const values = byPack.get(pack);
      return values === undefined ? "" : (median(values) / whole).toFixed(2);
    });
    return [[metric, baseline, ...cells]];
  });
  return table(["", "compared with", ...packs], rows);
}

/** The medians, and in brackets the least and the most. */
export function valueTable(measured: Measurements, packs: readonly string[]): string {
  const rows = [...measured].map(([metric, byPack]) => [
    metric,
    ...packs.map((pack) => {
      const values = byPack.get(pack);
      if (values === undefined) return "";
      const unit = metric.includes("memory") ? " MB" : " ms";
      return `${rounded(median(values))}${unit} (${rounded(Math.min(...values))} to ${rounded(Math.max(...values))})`;
    }),
  ]);
  return table(["", ...packs], rows);
}

function rounded(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 2 : 0 });
}

/** A table in Markdown, the way prettier has it: the first column to the left, the others to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0), 3),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = (cells: readonly string[]): string =>
    line(
      cells.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      ),
    );
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [padded(head), line(rule), ...rows.map(padded)].join("\n");
}
