/** Turns on what is off. Returns whether there was anything to do. */
export function turnOn(props: Record<string, unknown>, keys: readonly string[]): boolean {
  const off = keys.filter((key) => {
    const value = own(props, key);
    const isSecret = typeof value === "object" && value !== null && Object.hasOwn(value, "value");
    return (isSecret ? (value as { value: unknown }).value : value) !== true;
  });
  for (const key of off) props[key] = true;
  return off.length > 0;
}

/** Read past the SDK's proxy, which throws for what is unknown and hides that a value is a secret. */
export function own(props: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(props, key)?.value;
}
