import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";

const FILE = join(__dirname, "../testdata/readme-links.yaml");
type Texts = Record<string, string>;
const CASES = parse(readFileSync(FILE, "utf8")) as Record<string, Record<string, Texts>>;

describe("In the README that the pack brings along", () => {
  for (const [title, byRepository] of Object.entries(CASES))
    it(title, () => {
      for (const [repository, texts] of Object.entries(byRepository))
        for (const [text, linked] of Object.entries(texts))
          expect(withAbsoluteLinks(text, repository)).to.equal(linked === "same" ? text : linked);
    });
});
