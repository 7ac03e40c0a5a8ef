import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { dirtyFiles, otherStacks, readOwn, unsaved, writeAll } from "../../../cli/fix/files";
import { FixError } from "../../../cli/source/edit";
import { findRoots, type Roots } from "../../../cli/report/position";
import { outputOf } from "../../harness/engine/command";
import { tempFolder } from "../../temp-folder";

describe("the files of a fix", () => {
  let root: string;
  let roots: Roots;
  const put = (file: string, text: string | Buffer): void => {
    writeFileSync(join(root, file), text);
  };
  const git = (...args: string[]): string =>
    outputOf("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...args], { cwd: root });

  beforeEach(() => {
    root = tempFolder("fix files");
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

  it("are read as they are, but not a library's, a link, what is outside of the repository, and what isn't text", () => {
    expect(readOwn("infra/index.ts", roots)).to.equal("\ufeffone\r\n");
    put("infra/node_modules/acme/index.ts", "one");
    put("shared.ts", "one");
    expect(readOwn("shared.ts", roots)).to.equal("one");
    put("infra/latin.ts", Buffer.from([0x61, 0xe9]));
    symlinkSync("../shared.ts", join(root, "infra/link.ts"));
    for (const [file, why] of [
      ["infra/node_modules/acme/index.ts", "is a library's"],
      ["../shared.ts", "is outside of the repository"],
      ["infra/latin.ts", "isn't text in UTF-8"],
      ["infra/link.ts", "is a link"],
      ["infra/gone.ts", "can't be read"],
    ] as const) {
      expect(() => readOwn(file, roots), file).to.throw(FixError, `${file} ${why}`);
    }
  });

  it("are saved if git has them as they are, whatever else it has or hasn't", () => {
    const saved = (name = "index.ts"): string | undefined => unsaved(`infra/${name}`, roots);
    put("infra/new.ts", "one");
    put("infra/ignored.ts", "one");
    put(".gitignore", "ignored.ts\n");
    put("infra/Pulumi.yaml", "name: other\nruntime: nodejs\n");
    expect(saved()).to.equal(undefined);
    for (const name of ["new.ts", "ignored.ts"])
      expect(saved(name)).to.equal(`infra/${name} isn't under version control`);
    // What no fix is in, or none is known to be in yet, stops none.
    put("infra/Pulumi.dev.yaml", "one");
    git("add", "infra/Pulumi.dev.yaml");
    expect(dirtyFiles(roots)).to.deep.equal(["infra/Pulumi.yaml"]);
    put("infra/index.ts", "two");
    expect(saved()).to.equal("infra/index.ts has uncommitted changes");
    expect(dirtyFiles(roots)).to.deep.equal(["infra/Pulumi.yaml", "infra/index.ts"]);
    git("add", "-A");
    expect(saved()).to.equal("infra/index.ts has uncommitted changes");
    rmSync(join(root, ".git"), { recursive: true });
    mkdirSync(join(root, ".git"));
    expect(saved()).to.equal("infra/index.ts isn't under version control");
  });

  it("are those of other stacks, too: of all projects if one is outside of the project", () => {
    mkdirSync(join(root, "web"));
    for (const name of ["infra/Pulumi.dev.yaml", "infra/Pulumi.prod.yaml", "web/Pulumi.dev.yaml"]) put(name, "");
    git("add", "-A");
    const others = (...names: string[]): string[] =>
      otherStacks(
        names.map((file) => ({ file, before: "", after: "" })),
        "dev",
        roots,
      );
    expect(others()).to.deep.equal([]);
    expect(others("infra/index.ts")).to.deep.equal(["infra prod"]);
    expect(others("infra/index.ts", "shared.ts")).to.deep.equal(["infra prod", "web dev"]);
  });

  it("are written all or none, keep their mode, and leave nothing beside them", () => {
    const write = (...names: string[]): void => {
      writeAll(
        names.map((name) => ({ file: `infra/${name}`, before: "", after: "two\r\n" })),
        roots,
      );
    };
    const now = (): unknown[] => [
      readFileSync(join(root, "infra/index.ts"), "utf8"),
      readdirSync(join(root, "infra")).sort(),
    ];
    const names = ["Pulumi.yaml", "index.ts", "node_modules"];
    expect(() => {
      write("index.ts", "none/index.ts");
    }).to.throw(FixError, "the program can't be changed: ");
    expect(now()).to.deep.equal(["\ufeffone\r\n", names]);
    chmodSync(join(root, "infra/index.ts"), 0o750);
    write("index.ts");
    expect(now()).to.deep.equal(["two\r\n", names]);
    expect(statSync(join(root, "infra/index.ts")).mode & 0o777).to.equal(0o750);
  });
});
