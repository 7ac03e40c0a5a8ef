/** The logical name. It may hold `::` itself; what comes before it, urn:pulumi:STACK::PROJECT::TYPE, doesn't. */
export function nameIn(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** The type, without those of the components that it is in. */
export function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The types of the components that it is in, its own, and its logical name, for a person to read. */
export function pathIn(urn: string): string {
  return urn.split("::").slice(2).join(" ");
}

/** Whether it is the address of what is inside of a resource (adapters/unseen.ts), which the engine knows nothing of. */
export function isInside(address: string): boolean {
  return address.includes("#/");
}
