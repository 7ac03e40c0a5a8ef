import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { findRoots, locate, locateInProject, type Roots } from "../../../cli/report/position";
import { placed } from "../../../cli/report/words";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";
import { filledIn } from "../../policypack/cases";

const { files, cases, odd, hostile } = testdata("positions.yaml") as Record<"files" | "odd" | "hostile", string[]> & {
  cases: Record<string, { frames: string[]; at: string | null }>;
};

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
    touch(...files);
    writeFileSync(join(folder, "repo/infra/go.mod"), "module example.com/shop/infra\n\ngo 1.25\n");
    roots = { project: join(folder, "repo/infra"), repository: join(folder, "repo"), manifest: "infra/Pulumi.yaml" };
  });

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
    touch(...odd);
    const [index, outside] = ["repo/infra/index.ts", "outside.ts"].map((file) =>
      encodeURIComponent(join(folder, file)),
    );
    const frames = (filledIn(hostile, { index, outside }) as string[]).map((frame) => `project:///${frame}`);
    const found = (read: (frame: string) => unknown): string[] => frames.filter((frame) => read(frame) !== undefined);
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
