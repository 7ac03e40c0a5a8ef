/** Where the resources live. The provider's protocol side knows nothing else of it, and previews never reach it. */
import type { Props } from "../values";

/** A resource as the backend is asked about it. */
export interface Subject {
  type: string;
  urn: string;
  /** The provider's region. */
  region: string;
}

export interface Backend {
  /** Makes a resource from checked inputs; its id and all its outputs. Rejects with what went wrong. */
  create(subject: Subject, inputs: Props): Promise<{ id: string; outputs: Props }>;
  /** The resource as it is now, with the inputs that would make it; undefined when there is none. */
  read(
    subject: Subject,
    id: string,
    state: Props,
    inputs: Props,
  ): Promise<{ outputs: Props; inputs: Props } | undefined>;
  /** Changes a resource; all its outputs after it. */
  update(subject: Subject, id: string, state: Props, oldInputs: Props, inputs: Props): Promise<Props>;
  /** Removes a resource; fine when it is already gone. */
  delete(subject: Subject, id: string, state: Props): Promise<void>;
}
