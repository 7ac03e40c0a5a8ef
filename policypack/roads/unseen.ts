import type { Resource } from "../engine/resource";

/** The type of what stands for a resource that can't be looked into. `s3-bucket-public-access-block` tells of it. */
export const UNSEEN = "unseen";

/** In place of a resource that there may be a bucket behind: why nothing is seen of it, and what to do. */
export interface Unseen {
  readonly message: string;
  /** Whether it is only a note. It isn't where nobody, S3 neither, could make sense of it. */
  readonly isNote: boolean;
}

export function unseen(resource: Resource, message: string, isNote: boolean, path?: string): Resource {
  const facts: Readonly<Record<string, unknown>> = { message, isNote };
  const read = (key: string): unknown => facts[key];
  return { ...inside(resource, path), type: UNSEEN, read, input: read };
}

/** A finding that blocks, on what nobody can make sense of. */
export function unreadable(subject: string, reason: string): string {
  return `${subject} can't be read, so it may open a bucket: ${reason}.`;
}

/** What was said of a resource of the type UNSEEN. */
export function readUnseen({ read }: Resource): Unseen {
  return { message: String(read("message")), isNote: read("isNote") === true };
}

/** The resource, or a part of it, which has its URN with a JSON Pointer behind it. */
export function inside(resource: Resource, path: string | undefined): Resource {
  const { urn, on = urn } = resource;
  return path === undefined ? resource : { ...resource, urn: `${urn}#${path}`, on };
}
