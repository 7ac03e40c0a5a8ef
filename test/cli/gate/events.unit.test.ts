import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { type Event, eventLog, follow } from "../../../cli/gate/events";
import { UnreadableError } from "../../../cli/gate/output";
import { progressOf } from "../../../cli/gate/progress";
import { tempFolder } from "../../temp-folder";

/** The events of a log. @throws UnreadableError */
function readEvents(...pieces: readonly string[]): readonly Event[] {
  const log = eventLog();
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
const violated = (message: string, changes: object = {}) => ({
  policyEvent: { policyPackName: "demo", policyName: "p", enforcementLevel: "mandatory", message, ...changes },
});
const printed = (message: string, changes: object = {}) => ({
  diagnosticEvent: { severity: "info", message, ...changes },
});
const step = (op: string, old?: object) => ({
  resourcePreEvent: { metadata: { op, urn: "urn:pulumi:dev::shop::t:T::a", old, new: { inputs: { big: 1 } } } },
});

describe("the event log", () => {
  it("is one event a line, of which what a verdict can rest on is kept", () => {
    const packs = { summaryEvent: { PolicyPacks: { "demo|local|/packs/a|b": "1.2.3", other: null } } };
    const old = { custom: true, id: "i", inputs: { big: 1 } };
    const text = log({ policyLoadEvent: {} }, printed("hello"), violated("open"), step("same", old), packs, END);
    expect(readEvents(text)).to.deep.equal([
      {
        ...{ type: "violation", pack: "demo", policy: "p", urn: "", level: "mandatory", message: "open" },
        ...{ severity: undefined, exceptions: undefined },
      },
      { type: "step", op: "same", urn: "urn:pulumi:dev::shop::t:T::a", isLeftOut: false },
      {
        type: "summary",
        packs: [
          { name: "demo", version: "1.2.3", isLocal: true, path: "/packs/a|b" },
          { name: "other", version: "", isLocal: false, path: "" },
        ],
      },
      { type: "end" },
    ]);
  });

  const whole = log(violated("öffen — 🪣"), { summaryEvent: {} }, END);
  it("is not read when it is cut short, wherever that is, or an event is missing: it may have been the violation", () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => readEvents(whole.slice(0, length)), `cut at ${length}`).to.throw(UnreadableError);
    }
    const [first = "", , last = ""] = whole.split(/(?<=\n)/);
    expect(() => readEvents(first + last)).to.throw(UnreadableError, "event 1 is missing from the event log");
  });

  it("shows each event once, as soon as its line is whole, and what can be read of a log with a mistake in it", () => {
    const seen: string[] = [];
    const reading = eventLog(({ type }) => seen.push(type));
    const text = log(printed("hello"), violated("open"), { resourcePreEvent: {} });
    const cut = text.indexOf("policyEvent");
    reading.add(text.slice(0, cut));
    expect(seen).to.deep.equal(["diagnostic"]);
    reading.add(text.slice(cut));
    reading.add(`panic\n${log(END)}`);
    expect(seen).to.deep.equal(["diagnostic", "violation", "end"]);
    expect(() => orThrow(reading.events())).to.throw("the event log has a step without metadata");
  });

  it("is not read when it has a line that is no event, or an event that lacks what a verdict rests on", () => {
    for (const text of [
      ...["panic: runtime error\n", "null\n", `${whole}\n`],
      log({ policyEvent: "open" }, END),
      log(violated("open", { policyName: undefined }), END),
      log(violated("open", { enforcementLevel: undefined }), END),
      log({ policyAnalyzeStackSummaryEvent: { passed: [] } }, END),
      log({ resourcePreEvent: { metadata: { op: "same" } } }, END),
    ]) {
      expect(() => readEvents(text), text).to.throw(UnreadableError);
    }
  });
});

describe("an event log in a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("log");
  });

  it("is read while it is written, and to its end, be a character cut in two", async () => {
    const file = join(folder, "events.json");
    const bytes = Buffer.from(log(violated("öffen — 🪣"), { summaryEvent: {} }, END));
    const cuts = [bytes.indexOf("🪣") + 2, bytes.indexOf("summaryEvent") + 3];
    const seen: string[] = [];
    const end = follow(file, ({ type }) => seen.push(type), 5);
    appendFileSync(file, bytes.subarray(0, cuts[0]));
    appendFileSync(file, bytes.subarray(cuts[0], cuts[1]));
    while (seen.length === 0) await setTimeout(5);
    expect(seen).to.deep.equal(["violation"]);
    appendFileSync(file, bytes.subarray(cuts[1]));
    expect(end()).to.deep.equal(readEvents(bytes.toString()));
    expect(seen).to.deep.equal(["violation", "summary", "end"]);
  });

  it("isn't read where it ends within a character, isn't there, or can't be read", async () => {
    const file = join(folder, "events.json");
    writeFileSync(file, Buffer.concat([Buffer.from(log(END)), Buffer.from("🪣").subarray(0, 2)]));
    const ends = [file, join(folder, "none"), folder].map((each) => follow(each, () => undefined, 5));
    await setTimeout(20); // What goes wrong while it is followed is reported at the end.
    const reasons = ends.map((end) => (end() as UnreadableError).message.replace(/(EISDIR).*/, "$1"));
    expect(reasons).to.deep.equal([
      "the event log is cut short",
      "the event log is empty",
      "the event log can't be read: EISDIR",
    ]);
  });
});

describe("the progress of a preview", () => {
  it("is what the program prints, what goes wrong, and the number of resources with the last of them", () => {
    const said: string[] = [];
    const progress = progressOf("dev", (line) => said.push(line));
    expect(progress.text()).to.equal("previewing dev");
    const reading = eventLog(progress.see);
    const hidden = [printed("waiting", { ephemeral: true }), printed("registering", { severity: "debug" })];
    const error = printed("no\n", { severity: "error", prefix: "error: " });
    reading.add(log(printed("hello\nworld\n"), ...hidden, step("same"), error, { preludeEvent: {} }, step("create")));
    expect(said).to.deep.equal(["hello", "world", "error: no"]);
    expect(progress.text()).to.equal("previewing dev: 2 resources, create t:T a");
  });
});
