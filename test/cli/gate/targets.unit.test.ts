import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { targetsOf } from "../../../cli/gate/targets";

describe("the stacks that the gate is asked for", () => {
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
  const of = (projects: string, stacks: string) =>
    targetsOf({
      ...{ stacks: stacks.split(" "), all: false },
      projects: projects.split(" ").map((name) => join(root, name)),
    });

  // The stack that is selected in a project is the CLI's own to tell: test/cli/pulumi/preview.test.ts.
  for (const [title, projects, stacks, pairs] of [
    ["one stack of one project", "a", "dev", ["a dev"]],
    ["several of one project", "a", "dev prod", ["a dev", "a prod"]],
    ["one in each project", "a b", "dev", ["a dev", "b dev"]],
    ["the first with the first, and so on", "a b", "dev prod", ["a dev", "b prod"]],
  ] as const) {
    it(`are ${title}`, async () => {
      const targets = await of(projects, stacks);
      expect(targets.map(({ stack, roots }) => `${roots.manifest} ${stack}`.replace("/Pulumi.yaml", ""))).to.deep.equal(
        pairs,
      );
    });
  }

  for (const [projects, stacks, message] of [
    ["a b", "x y z", "3 --stack for 2 --cwd: give each project its own, in the same order, or one for all"],
    ["a", "dev dev", "the stack a/Pulumi.yaml dev is named twice"],
    ["a c", "dev", "there is no Pulumi.yaml in "],
  ] as const) {
    it(`are refused: ${message}`, async () => {
      const error = await of(projects, stacks).catch((each: unknown) => each);
      expect(error).to.be.instanceOf(UsageError).with.property("message").that.includes(message);
    });
  }
});
