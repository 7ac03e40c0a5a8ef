import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { draw, FOLDER } from "./pictures";
import { needsEngine } from "../../../harness/engine/needs-engine";

describe("the pictures in the docs", () => {
  needsEngine();
  it("are of what the gate prints now (npx tsx test/cli/report/pictures.ts draws them anew)", async () => {
    const drawn = await draw();
    const committed = Object.keys(drawn).map((name) => [name, readFileSync(join(FOLDER, name), "utf8")]);
    expect(Object.fromEntries(committed)).to.deep.equal(drawn);
  });
});
