import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { draw, FOLDER } from "./pictures";

describe("the pictures in the docs", () => {
  it("are of what the gate prints now (npx tsx test/gate/pictures.ts draws them anew)", async () => {
    const drawn = await draw();
    const committed = Object.keys(drawn).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);
    expect(Object.fromEntries(committed)).to.deep.equal(drawn);
  });
});
