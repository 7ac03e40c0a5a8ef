import { PassThrough } from "node:stream";
import { mock } from "node:test";
import { expect } from "chai";
import { print } from "../../cli/report/neutral";
import { waiting } from "../../cli/waiting";

/** A stream that keeps what is written to it. */
function terminal(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  return { stream, take: () => written.splice(0).join("") };
}

describe("the colors of what is printed", () => {
  const { FORCE_COLOR: forced } = process.env;
  beforeEach(() => delete process.env.FORCE_COLOR);
  afterEach(() => {
    if (forced !== undefined) process.env.FORCE_COLOR = forced;
  });

  it("are left out where no person looks, but for FORCE_COLOR", () => {
    const { stream, take } = terminal(false);
    print(stream, "a", "red");
    process.env.FORCE_COLOR = "1";
    print(stream, "b", "red");
    delete process.env.FORCE_COLOR;
    expect(take()).to.equal("a\n\u001b[31mb\u001b[39m\n");
  });

  it("are the gate's own: those of a program are taken out, and none makes a command of a line", () => {
    const { stream, take } = terminal(true);
    print(stream, "\u001b[32m::error::a\u001b[0m\nb", "red");
    expect(take()).to.equal("\u001b[31m\\::error::a\u001b[39m\n\u001b[31mb\u001b[39m\n");
  });
});

describe("what is shown to a person who waits", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  });
  afterEach(() => {
    mock.timers.reset();
  });

  it("is nothing for two seconds on a terminal, then one line that changes and goes at the end", () => {
    const { stream, take } = terminal(true, 30);
    let done = 0;
    const { stop } = waiting(stream, () => `previewing dev: ${++done} of many resources`);
    mock.timers.tick(1999);
    expect(take()).to.equal("");
    mock.timers.tick(1);
    mock.timers.tick(100);
    expect(take()).to.equal("\r\u001b[K⠙ previewing dev: 1 of many r\r\u001b[K⠹ previewing dev: 2 of many r");
    stop();
    mock.timers.tick(10_000);
    expect(take()).to.equal("\r\u001b[K");
  });

  it("is whole on a terminal that doesn't know how wide it is", () => {
    const { stream, take } = terminal(true, 0);
    const { stop } = waiting(stream, () => "previewing dev");
    mock.timers.tick(2000);
    expect(take()).to.equal("\r\u001b[K⠙ previewing dev (2 s)");
    stop();
  });

  it("makes room for a line that is printed meanwhile", () => {
    const { stream, take } = terminal(true);
    const { say, stop } = waiting(stream, () => "previewing dev");
    mock.timers.tick(2000);
    take();
    say("hello");
    expect(take()).to.equal("\r\u001b[Khello\n");
    stop();
    expect(take()).to.equal("");
  });

  it("is a plain line after ten seconds in a job's log, and then one a minute", () => {
    const { stream, take } = terminal(false);
    const { stop } = waiting(stream, () => "previewing\n::error::dev");
    mock.timers.tick(9999);
    expect(take()).to.equal("");
    mock.timers.tick(1);
    mock.timers.tick(60_000);
    mock.timers.tick(60_000);
    stop();
    mock.timers.tick(60_000);
    expect(take().split("\n")).to.deep.equal([
      "previewing ::error::dev (10 s)",
      "previewing ::error::dev (1 min 10 s)",
      "previewing ::error::dev (2 min 10 s)",
      "",
    ]);
  });
});
