import { pathIn } from "../../policypack/shared/urn";
import type { Event } from "./events";

/** What the program printed and what went wrong; and a word on each resource, so that a long preview isn't silent. */
export function progressOf(event: Event): string[] {
  if (event.type === "diagnostic") return event.text.trimEnd().split("\n");
  return event.type === "step" && event.op !== "same" ? [`${event.op} ${pathIn(event.urn)}`] : [];
}
