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

type Known<Key, Value> = Pick<Map<Key, Value>, "get" | "has"> & { set: (key: Key, value: Value) => unknown };

/** The same function, which works out each answer once: there are many resources, and few types. */
export function memoized<Key, Value>(answer: (key: Key) => Value, known: Known<Key, Value> = new Map<Key, Value>()) {
  return (key: Key): Value => {
    if (!known.has(key)) known.set(key, answer(key));
    return known.get(key) as Value;
  };
}

/** The engine sends resources in no order; a message should not change with it. */
export function byUrn(one: { readonly urn: string }, other: { readonly urn: string }): number {
  return one.urn < other.urn ? -1 : 1;
}

export function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
