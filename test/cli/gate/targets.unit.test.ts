import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { targetsOf } from "../../../cli/gate/targets";
import { tempFolder } from "../../temp-folder";

describe("the stacks that the gate is asked for", () => {
  let root: string;
  before(() => {
    root = tempFolder("targets");
    mkdirSync(join(root, ".git"));
    for (const name of ["a", "b"]) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    }
  });
  const of = (projects: string, stacks: string) =>
    targetsOf({
      ...{ stacks: stacks.split(" "), all: false },
      projects: projects.split(" ").map((name) => join(root, name)),
    });

  // The stack that is selected in a project is the CLI's own to tell: test/cli/pulumi/preview.test.ts.
  it("are every stack with the one project, the one in each, or the first with the first, and so on", async () => {
    for (const [projects, stacks, ...pairs] of [
      ["a", "dev", "a dev"],
      ["a", "dev prod", "a dev", "a prod"],
      ["a b", "dev", "a dev", "b dev"],
      ["a b", "dev prod", "a dev", "b prod"],
    ] as [string, string, ...string[]][]) {
      const targets = await of(projects, stacks);
      const found = targets.map(({ stack, roots }) => `${roots.manifest} ${stack}`.replace("/Pulumi.yaml", ""));
      expect(found).to.deep.equal(pairs);
    }
  });

  it("are refused where they can't be paired, are named twice, or are of no project", async () => {
    for (const [projects, stacks, message] of [
      ["a b", "x y z", "3 --stack for 2 --cwd: give each project its own, in the same order, or one for all"],
      ["a", "dev dev", "the stack a/Pulumi.yaml dev is named twice"],
      ["a c", "dev", "there is no Pulumi.yaml in "],
    ] as const) {
      const error = await of(projects, stacks).catch((each: unknown) => each);
      expect(error).to.be.instanceOf(UsageError).with.property("message").that.includes(message);
    }
  });
});
