import { expect } from "chai";
import { progress } from "../../../cli/audit/progress";

describe("The progress bar", () => {
  const drawn = (isTTY: boolean | undefined, columns = 60): string[] => {
    const written: string[] = [];
    let time = 0;
    const terminal = {
      ...(isTTY === undefined ? {} : { isTTY }),
      columns,
      write: (part: string) => written.push(part),
    };
    const bar = progress(4, terminal, () => (time += 60));
    for (const [at, name] of ["one", "two", "three", "four\u001b[2J"].entries()) bar.told(at + 1, name);
    bar.clear();
    return written;
  };

  it("is drawn on a terminal, not too often, and goes away", () => {
    expect(drawn(true)).to.deep.equal([
      "\r\u001b[K██████░░░░░░░░░░░░░░░░░░ 1/4 one",
      "\r\u001b[K██████████████████░░░░░░ 3/4 three",
      "\r\u001b[K████████████████████████ 4/4 four",
      "\r\u001b[K",
    ]);
  });

  it("fits into a line", () => {
    const lengths = (columns: number) => drawn(true, columns).map((line) => line.replace("\r\u001b[K", "").length);
    expect([lengths(20), lengths(0)]).to.deep.equal([
      [19, 19, 19, 0],
      [32, 34, 33, 0],
    ]);
  });

  it("isn't drawn anywhere else", () => {
    expect([drawn(false), drawn(undefined)]).to.deep.equal([[], []]);
  });
});
