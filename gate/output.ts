/** What one run of `pulumi preview --json --event-log FILE` leaves behind, checked to be whole. */
export interface Output {
  readonly steps: readonly Step[];
  readonly events: readonly Json[];
}

/** Where a resource was made: URIs such as `project:///index.ts#8,11`, the innermost frame first. */
export interface Step {
  readonly urn: string;
  readonly frames: readonly string[];
}

export type Json = Readonly<Record<string, unknown>>;

/** The CLI's output is cut short or is not what it should be: nothing can be concluded from it. */
export class UnreadableError extends Error {}

/**
 * Reads the document that `pulumi preview --json` prints.
 * @throws UnreadableError
 */
export function readSteps(stdout: string): Step[] {
  const digest = parseObject(stdout, "the preview's JSON output");
  const steps = digest.steps ?? [];
  if (!Array.isArray(steps)) throw new UnreadableError("the preview's JSON output has no list of steps");
  return steps.map((step) => {
    if (!isObject(step)) throw new UnreadableError("the preview's JSON output has a step that is no object");
    // A resource that is being deleted has only its old state, in which the program no longer has a place.
    const state = isObject(step.newState) ? step.newState : {};
    return { urn: string(step, "urn"), frames: frames(state) };
  });
}

function frames(state: Json): string[] {
  const trace = Array.isArray(state.stackTrace) ? state.stackTrace.filter(isObject) : [];
  const positions = [state.sourcePosition, ...trace.map((frame) => frame.sourcePosition)];
  return positions.filter((position): position is string => typeof position === "string");
}

/**
 * Reads the event log, one JSON object a line. The engine numbers the events and ends with one that says that there are
 * no more; a gap in the numbers or a missing end means that a violation may be lost.
 * @throws UnreadableError
 */
export function readEvents(log: string): Json[] {
  if (log === "") throw new UnreadableError("the event log is empty");
  if (!log.endsWith("\n")) throw new UnreadableError("the event log is cut short");
  const events = log
    .slice(0, -1)
    .split("\n")
    .map((line, at) => parseObject(line, `line ${at + 1} of the event log`));
  events.forEach((event, at) => {
    if (event.sequence !== at) throw new UnreadableError(`event ${at} is missing from the event log`);
  });
  if (!events.at(-1)?.cancelEvent) throw new UnreadableError("the event log has no end");
  return events;
}

function parseObject(text: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UnreadableError(`${what} is not JSON, or is cut short`);
  }
  if (!isObject(value)) throw new UnreadableError(`${what} is not a JSON object`);
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text that has to be there. @throws UnreadableError */
export function string(object: Json, key: string): string {
  const value = object[key];
  if (typeof value !== "string")
    throw new UnreadableError(`the preview's output has no ${key} where there should be one`);
  return value;
}
