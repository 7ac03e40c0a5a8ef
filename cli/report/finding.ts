import type { Severity } from "../preview/events";
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
}

export interface Finding extends Subject, Message {
  /** Whether its enforcement level is mandatory. */
  readonly blocks: boolean;
  readonly severity?: Severity;
}

export type { Severity };
