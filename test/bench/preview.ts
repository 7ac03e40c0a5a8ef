/** The whole command: `pulumi preview` of a small compiled program. */
import { join } from "node:path";
import { workspace } from "../../harness/engine";
import { FRESH, type Pack } from "./packs";

/** Previews with each pack, and without one, in turns; a value for each round. */
export async function measurePreviews(
  packs: readonly Pack[],
  rounds: number,
  say: (line: string) => void,
): Promise<Map<string, number[]>> {
  const stack = await workspace(join(__dirname, "program"), { env: FRESH });
  const times = new Map<string, number[]>();
  const preview = async (name: string, paths: string[]): Promise<number> => {
    const before = performance.now();
    const { code, violations, stderr } = await stack.preview({ packs: paths });
    const time = performance.now() - before;
    if (code !== 0 || violations.length > 0) throw new Error(`the preview with ${name} failed: ${stderr}`);
    return time;
  };
  try {
    await preview("no pack", []); // The first run of a CLI writes its caches.
    for (let round = 0; round < rounds; round++) {
      say(`previews, round ${round + 1} of ${rounds}`);
      append(times, "no pack", await preview("no pack", []));
      for (const { name, path } of rotated(packs, round)) append(times, name, await preview(name, [path]));
    }
    return times;
  } finally {
    await stack.remove();
  }
}

/** The same list, started elsewhere in each round, so that none is always the first. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

export function append<Key>(lists: Map<Key, number[]>, key: Key, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
