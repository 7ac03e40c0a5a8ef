import type { Resource } from "../engine/resource";
import { other, type Said } from "../findings/finding";
import { isTemplate } from "./types";

/** The pseudo-type of a resource that can't be inspected; `s3-bucket-public-access-block` reports it. */
export const UNSEEN = "unseen";

/**
 * In place of a resource that there may be a bucket behind: why nothing is seen of it, and what to do. It is only a note, but
 * where nobody, S3 neither, could make sense of it.
 */
export function unseen(resource: Resource, said: Said | string, isNote: boolean, path?: string): Resource {
  const facts: Readonly<Record<string, unknown>> = { said: typeof said === "string" ? other(said) : said, isNote };
  const read = (key: string): unknown => facts[key];
  return { ...inside(resource, path), type: UNSEEN, read, input: read };
}

/** A finding that blocks, on what nobody can make sense of. */
export function unreadable(subject: string, reason: string): Said {
  return { cause: "unreadable-host", facts: { subject, reason }, lines: [], isUnverified: false };
}

export function readUnseen({ read }: Resource): { said: Said; isNote: boolean } {
  return { said: read("said") as Said, isNote: read("isNote") === true };
}

/**
 * The resource, or a part of it, which has its URN with a JSON Pointer behind it. In the URN of a resource that can have parts,
 * and in the pointer, `#` is written as `%23`: else a stack named `S#/Resources/X` would be the X of the stack S.
 */
export function inside(resource: Resource, path: string | undefined): Resource {
  const { urn, on, type } = resource;
  const own = on === undefined && isTemplate(type) ? escaped(urn) : urn;
  if (path !== undefined) return { ...resource, urn: `${own}#${escaped(path)}`, on: on ?? urn };
  return own === urn ? resource : { ...resource, urn: own, on: urn };
}

/** Whether it is the address of a resource that the engine knows by this URN, or of what is inside of it. */
export function isAddressOf(address: string, urn: string): boolean {
  return address === escaped(urn) || address.startsWith(`${escaped(urn)}#/`);
}

function escaped(text: string): string {
  return text.replace(/[%#]/g, encodeURIComponent);
}
