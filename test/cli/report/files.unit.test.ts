import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { clear, ReportError, writeWhole } from "../../../cli/report/files";
import { tempFolder } from "../../temp-folder";

describe("a report's file", () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder("files");
  });

  it("is written whole, over an earlier one, and leaves nothing beside it", () => {
    const file = join(folder, "report.json");
    writeFileSync(file, "an earlier and longer one");
    writeWhole(file, "this one");
    expect([readFileSync(file, "utf8"), readdirSync(folder)]).to.deep.equal(["this one", ["report.json"]]);
  });

  it("leaves nothing beside it when it can't be written", () => {
    mkdirSync(join(folder, "report.json"));
    expect(() => {
      writeWhole(join(folder, "report.json"), "text");
    }).to.throw();
    expect(readdirSync(folder)).to.deep.equal(["report.json"]);
  });

  it("of an earlier run is taken away before the preview", () => {
    const file = join(folder, "report.json");
    writeFileSync(file, "stale");
    clear(file);
    clear(file);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("is refused before the preview where its folder isn't there, which may be misspelt", () => {
    const file = join(folder, "reprots/report.json");
    const message = `the report ${file} can't be written: there is no folder ${join(folder, "reprots")}; make it first`;
    expect(() => {
      clear(file);
    }).to.throw(ReportError, message);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
