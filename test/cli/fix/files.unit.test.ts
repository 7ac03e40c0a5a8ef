import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readOwn, unsaved, writeAll, WriteError } from "../../../cli/fix/files";
import { UntouchableError } from "../../../cli/fix/plan";
import { findRoots, type Roots } from "../../../cli/report/position";
import { outputOf } from "../../../harness/engine/command";

describe("the files of a fix", () => {
  let root: string;
  let roots: Roots;
  const put = (file: string, text: string | Buffer): void => {
    writeFileSync(join(root, file), text);
  };
  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: root });

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "fix files ")));
    mkdirSync(join(root, "infra/node_modules/acme"), { recursive: true });
    put("infra/Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    put("infra/index.ts", "\ufeffone\r\n");
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "first");
    const found = findRoots(join(root, "infra"));
    if (found === undefined) throw new Error("there is no project");
    roots = found;
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("are read as they are", () => {
    expect(readOwn("infra/index.ts", roots)).to.equal("\ufeffone\r\n");
  });

  it("aren't a library's, a link or outside of the project, and text", () => {
    put("infra/node_modules/acme/index.ts", "one");
    put("shared.ts", "one");
    put("infra/latin.ts", Buffer.from([0x61, 0xe9]));
    symlinkSync("../shared.ts", join(root, "infra/link.ts"));
    const reasons = [
      ["infra/node_modules/acme/index.ts", "is a library's"],
      ["shared.ts", "is outside of the project's folder"],
      ["infra/latin.ts", "isn't text in UTF-8"],
      ["infra/link.ts", "is a link"],
    ] as const;
    for (const [file, why] of reasons) {
      expect(() => readOwn(file, roots), file).to.throw(UntouchableError, `${file} ${why}`);
    }
    expect(() => readOwn("infra/gone.ts", roots)).to.throw(UntouchableError, "infra/gone.ts can't be read");
  });

  it("are saved once they are committed, whatever else isn't", () => {
    put("infra/other.ts", "new");
    put("infra/Pulumi.yaml", "name: other\nruntime: nodejs\n");
    expect(unsaved("infra/index.ts", roots)).to.equal(undefined);
  });

  it("aren't while they have changes, staged or not", () => {
    put("infra/index.ts", "two");
    const why = "infra/index.ts has uncommitted changes";
    expect(unsaved("infra/index.ts", roots)).to.equal(why);
    git("add", "-A");
    expect(unsaved("infra/index.ts", roots)).to.equal(why);
  });

  it("aren't where git doesn't have them: new, ignored, or in no repository", () => {
    put("infra/new.ts", "one");
    put("infra/ignored.ts", "one");
    put(".gitignore", "ignored.ts\n");
    rmSync(join(root, ".git"), { recursive: true });
    mkdirSync(join(root, ".git"));
    const inNone = unsaved("infra/index.ts", roots);
    rmSync(join(root, ".git"), { recursive: true });
    git("init", "-q");
    const found = [inNone, ...["new", "ignored"].map((name) => unsaved(`infra/${name}.ts`, roots))];
    const names = ["index", "new", "ignored"];
    expect(found).to.deep.equal(names.map((name) => `infra/${name}.ts isn't under version control`));
  });

  it("keep their mode when they are written, and nothing is left beside them", () => {
    chmodSync(join(root, "infra/index.ts"), 0o750);
    writeAll([{ file: "infra/index.ts", before: "", after: "two\r\n" }], roots);
    expect(readFileSync(join(root, "infra/index.ts"), "utf8")).to.equal("two\r\n");
    expect(statSync(join(root, "infra/index.ts")).mode & 0o777).to.equal(0o750);
    expect(readdirSync(join(root, "infra")).sort()).to.deep.equal([
      "Pulumi.yaml",
      "index.ts",
      "node_modules",
    ]);
  });

  it("stay as they are where one of them can't be written", () => {
    const files = ["infra/index.ts", "infra/none/index.ts"].map((file) => ({
      file,
      before: "",
      after: "two",
    }));
    expect(() => {
      writeAll(files, roots);
    }).to.throw(WriteError, "the program can't be changed: ");
    expect(readFileSync(join(root, "infra/index.ts"), "utf8")).to.equal("\ufeffone\r\n");
    expect(readdirSync(join(root, "infra")).sort()).to.deep.equal([
      "Pulumi.yaml",
      "index.ts",
      "node_modules",
    ]);
  });
});
