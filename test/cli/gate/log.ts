import { type Event, readEvent } from "../../../cli/gate/events";
import type { Json } from "../../../cli/gate/output";

/** The events of a log, given as the engine writes them. */
export function events(log: readonly Json[]): Event[] {
  return log.flatMap((event) => readEvent(event) ?? []);
}
