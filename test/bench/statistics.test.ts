import { expect } from "chai";
import { median, ratioTable, valueTable } from "./statistics";

describe("The benchmark's statistics", () => {
  it("take the middle value, or the mean of the two", () => {
    expect([[3, 1, 2], [4, 1, 3, 2], [7]].map(median)).to.deep.equal([2, 2.5, 7]);
    expect(Number.isNaN(median([]))).to.equal(true);
  });

  const measured = new Map([
    [
      "start",
      new Map([
        ["one", [10, 30, 20]],
        ["other", [5, 5, 40]],
      ]),
    ],
    ["peak memory", new Map([["one", [1000, 2000]]])],
  ]);

  it("compare the medians with the baseline's, for the metrics that have one", () => {
    const table = ratioTable(measured, ["one", "other"], [{ metric: /^start/, pack: "one" }]);
    expect(table.split("\n")).to.deep.equal([
      "|       | compared with |  one | other |",
      "| ----- | ------------: | ---: | ----: |",
      "| start |           one | 1.00 |  0.25 |",
    ]);
  });

  it("give the medians with the least and the most, and nothing for what wasn't measured", () => {
    expect(valueTable(measured, ["one", "other"]).split("\n")).to.deep.equal([
      "|             |                       one |          other |",
      "| ----------- | ------------------------: | -------------: |",
      "| start       |          20 ms (10 to 30) | 5 ms (5 to 40) |",
      "| peak memory | 1,500 MB (1,000 to 2,000) |                |",
    ]);
  });
});
