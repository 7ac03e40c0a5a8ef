import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { patchOf } from "../../../cli/fix/plan";
import { outputOf } from "../../harness/engine/command";
import { tempFolder } from "../../temp-folder";

const FILES = [
  { file: "infra/index.ts", before: "a\nb\nc\n", after: "a\nB\nc\nd\n" },
  { file: "my é/in dex.ts", before: "a\n", after: "b\n" },
  { file: 'a"b.ts', before: "a\n", after: "b\n" },
  { file: "windows.ts", before: "a\r\nb\r\n", after: "a\r\nx\r\nb\r\n" },
  { file: "mark-and-tabs.ts", before: "\ufeffa\n\tb\n", after: "\ufeffa\n\tc\n\tb\n" },
  { file: "no-last-line-break.ts", before: "a\nb", after: "a\nb\nc" },
  { file: "like-a-patch.ts", before: "--- a\n+++ b\n@@ -1 +1 @@\n", after: "--- a\n+++ c\n" },
];

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
