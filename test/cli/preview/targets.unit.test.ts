import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { paired, targetsOf } from "../../../cli/preview/targets";

describe("the stacks that the gate is asked for", () => {
  for (const [title, projects, stacks, pairs] of [
    ["one stack of one project", ["a"], ["dev"], [["a", "dev"]]],
    [
      "several of one project",
      ["a"],
      ["dev", "prod"],
      [
        ["a", "dev"],
        ["a", "prod"],
      ],
    ],
    [
      "one in each project",
      ["a", "b"],
      ["dev"],
      [
        ["a", "dev"],
        ["b", "dev"],
      ],
    ],
    [
      "the first with the first, and so on",
      ["a", "b"],
      ["dev", "prod"],
      [
        ["a", "dev"],
        ["b", "prod"],
      ],
    ],
    [
      "the selected one of each project",
      ["a", "b"],
      [],
      [
        ["a", undefined],
        ["b", undefined],
      ],
    ],
  ] as const) {
    it(`are ${title}`, () => {
      expect(paired(projects, stacks)).to.deep.equal(pairs);
    });
  }

  it("are not guessed at where the numbers don't fit", () => {
    expect(() => paired(["a", "b"], ["x", "y", "z"])).to.throw(
      UsageError,
      "3 --stack for 2 --cwd: give each project its own, in the same order, or one for all",
    );
  });

  describe("in a repository,", () => {
    let root: string;
    before(() => {
      root = realpathSync(mkdtempSync(join(tmpdir(), "targets-")));
      mkdirSync(join(root, ".git"));
      for (const name of ["a", "b"]) {
        mkdirSync(join(root, name));
        writeFileSync(join(root, name, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
      }
    });
    after(() => {
      rmSync(root, { recursive: true });
    });
    const of = (stacks: string[], ...projects: string[]) =>
      targetsOf({ stacks, projects: projects.map((name) => join(root, name)), all: false });

    it("have each its own project", async () => {
      expect((await of(["dev"], "a", "b")).map(({ stack, roots }) => [stack, roots.manifest])).to.deep.equal([
        ["dev", "a/Pulumi.yaml"],
        ["dev", "b/Pulumi.yaml"],
      ]);
    });

    it("are refused where one is named twice, or has no project", async () => {
      const refusalOf = (targets: Promise<unknown>): Promise<unknown> =>
        targets.catch((error: unknown) => error);
      const twice = await refusalOf(of(["dev", "dev"], "a"));
      expect(twice)
        .to.be.instanceOf(UsageError)
        .with.property("message", "the stack a/Pulumi.yaml dev is named twice");
      const none = await refusalOf(of(["dev"], "a", "c"));
      expect(none)
        .to.be.instanceOf(UsageError)
        .with.property("message")
        .that.includes("there is no Pulumi.yaml in ");
    });
  });
});
