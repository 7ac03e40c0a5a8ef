import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { patchOf } from "../../../cli/fix/plan";
import { outputOf } from "../../harness/engine/command";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

const { patched: FILES } = testdata("edits.yaml") as { patched: Record<"file" | "before" | "after", string>[] };

describe("a patch of several files", () => {
  for (const [tool, args] of [
    ["git", ["apply", "-"]],
    ["patch", ["-p1", "--binary", "--quiet"]],
  ] as const) {
    it(`is one that ${tool} applies`, () => {
      const folder = tempFolder("patch");
      for (const { file, before } of FILES) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), before);
      }
      outputOf(tool, args, { cwd: folder, input: patchOf(FILES) });
      for (const { file, after } of FILES) {
        expect(readFileSync(join(folder, file), "utf8"), file).to.equal(after);
      }
    });
  }
});
