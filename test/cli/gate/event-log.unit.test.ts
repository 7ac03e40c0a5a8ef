import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { EventLog, follow } from "../../../cli/gate/event-log";
import type { Event } from "../../../cli/gate/events";
import { UnreadableError } from "../../../cli/gate/output";

/** The events of a log. @throws UnreadableError */
function readEvents(...pieces: readonly string[]): readonly Event[] {
  const log = new EventLog();
  for (const piece of pieces) log.add(piece);
  return orThrow(log.events());
}

function orThrow(events: readonly Event[] | UnreadableError): readonly Event[] {
  if (events instanceof UnreadableError) throw events;
  return events;
}

const END = { cancelEvent: {} };
const log = (...events: object[]): string =>
  events.map((event, sequence) => `${JSON.stringify({ sequence, ...event })}\n`).join("");
const violated = (message: string) => ({
  policyEvent: { policyPackName: "demo", policyName: "p", enforcementLevel: "mandatory", message },
});

describe("the event log", () => {
  it("is one event a line", () => {
    const summary = { summaryEvent: { PolicyPacks: { "demo|local|/packs/demo": "1.2.3" } } };
    expect(readEvents(log({ policyLoadEvent: {} }, violated("open"), summary, END))).to.deep.equal([
      { type: "violation", pack: "demo", policy: "p", urn: "", level: "mandatory", message: "open" },
      { type: "summary", packs: [{ key: "demo|local|/packs/demo", version: "1.2.3" }] },
      { type: "end" },
    ]);
  });

  const whole = log(violated("open"), { summaryEvent: {} }, END);
  it("is not read when it is cut short, wherever that is", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readEvents(whole.slice(0, length)), `cut at ${length}`).to.throw(UnreadableError);
    }
    expect(readEvents(whole)).to.have.length(3);
  });

  it("is not read when an event is missing in the middle: it may have been the violation", () => {
    const [first = "", , last = ""] = whole.split(/(?<=\n)/);
    expect(() => readEvents(first + last)).to.throw(UnreadableError, "event 1 is missing from the event log");
  });

  it("is the same in pieces of any size, wherever a line is cut", () => {
    const text = log(violated("öffen — 🪣"), { summaryEvent: {} }, END);
    for (let size = 1; size < text.length + 2; size += 1) {
      const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(readEvents(...pieces), `pieces of ${size}`).to.deep.equal(readEvents(text));
    }
  });

  it("shows each event once, as soon as its line is whole, what the program prints too, which isn't kept", () => {
    const seen: string[] = [];
    const reading = new EventLog(({ type }) => seen.push(type));
    const printed = { diagnosticEvent: { severity: "info", message: "hello" } };
    const text = log(printed, violated("open"), END);
    const cut = text.indexOf("policyEvent");
    reading.add(text.slice(0, cut));
    expect(seen).to.deep.equal(["diagnostic"]);
    reading.add(text.slice(cut));
    expect(seen).to.deep.equal(["diagnostic", "violation", "end"]);
    expect(orThrow(reading.events()).map(({ type }) => type)).to.deep.equal(["violation", "end"]);
  });

  it("shows what can be read of a log with a mistake in it, of which it tells the first", () => {
    const seen: string[] = [];
    const reading = new EventLog(({ type }) => seen.push(type));
    reading.add(`${log({ resourcePreEvent: {} })}panic\n${log(violated("open"))}`);
    expect(seen).to.deep.equal(["violation"]);
    expect(() => orThrow(reading.events())).to.throw("the event log has a step without metadata");
  });

  it("keeps of a resource what tells whether it was in the run, and nothing of its properties", () => {
    const metadata = { op: "same", urn: "urn:a", new: { inputs: { big: 1 } } };
    const state = { custom: true, id: "i", inputs: { big: 1 } };
    const text = log({ resourcePreEvent: { metadata: { ...metadata, old: state } } }, { resOutputsEvent: {} }, END);
    expect(readEvents(text)).to.deep.equal([
      { type: "step", op: "same", urn: "urn:a", isLeftOut: false },
      { type: "end" },
    ]);
  });

  const policy = { policyPackName: "demo", policyName: "p" };
  for (const [what, text] of Object.entries({
    text: "panic: runtime error\n",
    "a line that isn't an object": "null\n",
    "an empty line": `${whole}\n`,
    "a violation without a policy": log(
      { policyEvent: { ...policy, policyName: undefined, enforcementLevel: "advisory" } },
      END,
    ),
    "a violation that isn't an object": log({ policyEvent: "open" }, END),
    "a violation of no level": log({ policyEvent: { ...policy, message: "open" } }, END),
    "an answer of no pack": log({ policyAnalyzeStackSummaryEvent: { passed: [] } }, END),
    "a step of no resource": log({ resourcePreEvent: { metadata: { op: "same" } } }, END),
  })) {
    it(`is not read when it has ${what}`, () => {
      expect(() => readEvents(text)).to.throw(UnreadableError);
    });
  }
});

describe("an event log in a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is read while it is written, and to its end, be a character cut in two", async () => {
    const file = join(folder, "events.json");
    const bytes = Buffer.from(log(violated("öffen — 🪣"), { summaryEvent: {} }, END));
    const cuts = [bytes.indexOf("🪣") + 2, bytes.indexOf("summaryEvent") + 3];
    const seen: string[] = [];
    const following = follow(file, ({ type }) => seen.push(type), 5);
    appendFileSync(file, bytes.subarray(0, cuts[0]));
    appendFileSync(file, bytes.subarray(cuts[0], cuts[1]));
    while (seen.length === 0) await setTimeout(5);
    expect(seen).to.deep.equal(["violation"]);
    appendFileSync(file, bytes.subarray(cuts[1]));
    expect(following.end()).to.deep.equal(readEvents(bytes.toString()));
    expect(seen).to.deep.equal(["violation", "summary", "end"]);
    expect(following.end()).to.equal(following.end()); // It can be asked again.
  });

  it("is cut short where it ends within a character", () => {
    const file = join(folder, "events.json");
    writeFileSync(file, Buffer.concat([Buffer.from(log(END)), Buffer.from("🪣").subarray(0, 2)]));
    expect(() => orThrow(follow(file, () => undefined).end())).to.throw("the event log is cut short");
  });

  it("that isn't there is empty, and one that can't be read says why", async () => {
    const ended = (file: string): unknown => orThrow(follow(file, () => undefined, 5).end());
    expect(() => ended(join(folder, "none"))).to.throw(UnreadableError, "is empty");
    const following = follow(folder, () => undefined, 5);
    await setTimeout(20); // What goes wrong while it is followed is told at the end.
    expect(() => orThrow(following.end())).to.throw(UnreadableError, /^the event log can't be read: EISDIR/);
  });
});
