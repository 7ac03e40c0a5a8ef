/** The items by their keys, in the order of the first of each. */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item, at: number) => Key,
): Map<Key, [Item, ...Item[]]> {
  const groups = new Map<Key, [Item, ...Item[]]>();
  let at = 0;
  for (const item of items) append(groups, keyOf(item, at++), item);
  return groups;
}

export function append<Key, Item>(groups: Map<Key, [Item, ...Item[]]>, key: Key, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
