import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { findRoots, locate, locateInProject, type Roots } from "../../../cli/report/position";
import { placed } from "../../../cli/report/words";
import { tempFolder } from "../../temp-folder";

describe("a position", () => {
  let folder: string;
  let roots: Roots;
  const touch = (...files: string[]): void => {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), "");
    }
  };

  before(() => {
    folder = tempFolder("position");
    mkdirSync(join(folder, "repo/.git"), { recursive: true });
    touch("repo/infra/Pulumi.yaml", "repo/infra/index.ts", "repo/infra/a b/%23.ts", "repo/infra/50%.ts", "outside.ts");
    touch("repo/lib/component.ts", "repo/infra/node_modules/acme/index.js");
    touch(
      "repo/infra/venv/lib/python3.11/site-packages/acme.py",
      "repo/infra/dist-packages/acme.py",
      "repo/infra/vendor/example.com/acme/site.go",
      "repo/.go/pkg/mod/example.com/acme@v1.0.0/site.go",
      "repo/infra/vendor/accounts.ts",
      "repo/infra/parts/site.go",
    );
    writeFileSync(join(folder, "repo/infra/go.mod"), "module example.com/shop/infra\n\ngo 1.25\n");
    roots = { project: join(folder, "repo/infra"), repository: join(folder, "repo"), manifest: "infra/Pulumi.yaml" };
  });

  const cases = parse(readFileSync(join(__dirname, "../../testdata/positions.yaml"), "utf8")) as Record<
    string,
    { frames: string[]; at: string | null }
  >;
  it("is the innermost one in a file of the repository", () => {
    for (const [title, { frames, at }] of Object.entries(cases)) {
      const found = locate(frames, roots);
      expect(found === undefined ? null : placed(found), title).to.equal(at);
    }
  });

  it("in an ES module is where its URL says, which the SDK puts after a folder", () => {
    const frame = `project:///file:${join(folder, "repo/infra/index.ts")}#3,23`;
    expect(locate([frame], roots)).to.deep.equal({ file: "infra/index.ts", line: 3, column: 23 });
  });

  it("is only in a path that is relative once it is decoded, on any system", () => {
    symlinkSync(join(folder, "outside.ts"), join(folder, "repo/infra/outside.ts"));
    touch("repo/infra/a\\b.ts", "repo/infra/C:/b.ts", "repo/infra/a\nb.ts", "repo/infra/a\u202eb.ts");
    const outside = encodeURIComponent(join(folder, "outside.ts"));
    const hostile = [
      `${encodeURIComponent(join(folder, "repo/infra/index.ts"))}#1`,
      ...[`${outside}#1`, `file:${outside}#1`, `%66ile:${outside}#1`, `x/file:${outside}#1`],
      ...["%2e%2e/%2e%2e/outside.ts#1", "..%2f..%2foutside.ts#1", "a%20b/..%2f../../../outside.ts#1"],
      ...["a%5cb.ts#1", "..%5c..%5coutside.ts#1", "C:/b.ts#1", "%43%3a/b.ts#1", "c%3ab.ts#1"],
      ...["a%0ab.ts#1", "a%E2%80%AEb.ts#1", "index.ts#0", "index.ts#99999999999999999999", "%2fetc%2fpasswd#1"],
    ].map((frame) => `project:///${frame}`);
    const found = (read: (frame: string) => unknown): string[] => hostile.filter((frame) => read(frame) !== undefined);
    expect(found((frame) => locate([frame], roots))).to.deep.equal([]);
    expect(found((frame) => locateInProject([frame]))).to.deep.equal([]);
    expect(locate(["project:///outside.ts#1"], roots)).to.equal(undefined);
    expect(locateInProject(["project:///./a%2f../..b/%2523.ts#3,0"])).to.deep.equal({ file: "..b/%23.ts", line: 3 });
  });

  it("is the same through a symbolic link to the project, and from a folder below it, and nowhere without a project", () => {
    symlinkSync(join(folder, "repo"), join(folder, "link"));
    mkdirSync(join(folder, "repo/infra/deep/er"), { recursive: true });
    const found = ["link/infra", "repo/infra/deep/er", "."].map((path) => findRoots(join(folder, path)));
    expect(found).to.deep.equal([roots, roots, undefined]);
  });

  it("is relative to the project where there is no repository", () => {
    const lone = tempFolder("lone");
    writeFileSync(join(lone, "Pulumi.yml"), "");
    expect(findRoots(lone)).to.deep.equal({ project: lone, repository: lone, manifest: "Pulumi.yml" });
  });
});
