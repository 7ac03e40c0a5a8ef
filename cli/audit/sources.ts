/** A stack whose state can be read. */
export interface Source {
  /** As the backend or the file calls it. */
  readonly name: string;
  /** The text of its state, in UTF-8. @throws Error which says why it can't be read */
  readonly read: () => Promise<string | Buffer>;
}

/** There is nothing to audit, or no way to it; the message says what to do. */
export class SourceError extends Error {}
