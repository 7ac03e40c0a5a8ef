import type { Severity } from "../gate/events";
import type { Edit } from "../source/edit";
import type { Message } from "./message";
import type { Position } from "./position";

/** A policy and the resource that it speaks of. */
export interface Subject {
  readonly pack: string;
  readonly policy: string;
  readonly urn: string;
  /** The resource's type and logical name, the last parts of its URN. */
  readonly type: string;
  readonly name: string;
  /** Where the program makes the resource; not every SDK tells. */
  readonly position?: Position;
  /** The resource whose position that is, where it isn't its own. */
  readonly placedAt?: string;
}

export interface Finding extends Subject, Message {
  /** What fixes it in the program, where that is plain. Raw text for files: whoever shows it makes it neutral. */
  readonly edits?: readonly Edit[];
  /** Why there are no edits: the end of a sentence about the finding. */
  readonly byHand?: string;
  /** Whether its enforcement level is mandatory. */
  readonly blocks: boolean;
  readonly severity?: Severity;
}

export type { Severity };
