import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { patchOf } from "../../../cli/fix/diff";
import { outputOf } from "../../../harness/engine/command";

describe("a patch", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "patch-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const texts: [string, string, string, string][] = [
    ["of a file in a folder", "infra/index.ts", "a\nb\nc\n", "a\nB\nc\nd\n"],
    ["of a file with a space and an accent in its name", "my é/in dex.ts", "a\n", "b\n"],
    ["of a file with a quote in its name", 'a"b.ts', "a\n", "b\n"],
    ["of line breaks of Windows", "index.ts", "a\r\nb\r\n", "a\r\nx\r\nb\r\n"],
    ["of a byte order mark and tabs", "index.ts", "\ufeffa\n\tb\n", "\ufeffa\n\tc\n\tb\n"],
    ["of a text without a last line break", "index.ts", "a\nb", "a\nb\nc"],
    ["of lines that look like a patch", "index.ts", "--- a\n+++ b\n@@ -1 +1 @@\n", "--- a\n+++ c\n"],
  ];
  for (const [title, file, before, after] of texts) {
    for (const [tool, args] of [
      ["git", ["apply", "-"]],
      ["patch", ["-p1", "--binary", "--quiet"]],
    ] as const) {
      it(`${title} is one that ${tool} applies`, () => {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), before);
        outputOf(tool, args, { cwd: folder, input: patchOf([{ file, before, after }]) });
        expect(readFileSync(join(folder, file), "utf8")).to.equal(after);
      });
    }
  }

  it("has all files", () => {
    const files = ["one", "two"].map((file) => ({ file, before: "a\n", after: "b\n" }));
    for (const { file, before } of files) writeFileSync(join(folder, file), before);
    outputOf("git", ["apply", "-"], { cwd: folder, input: patchOf(files) });
    expect(files.map(({ file }) => readFileSync(join(folder, file), "utf8"))).to.deep.equal(["b\n", "b\n"]);
  });
});
