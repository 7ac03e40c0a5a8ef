import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { UsageError } from "../../../cli/command";
import { targetsOf } from "../../../cli/gate/targets";
import { tempFolder } from "../../temp-folder";
import { testdata } from "../../testdata";

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

  const { paired, refused } = testdata("preview/targets.yaml") as {
    paired: Record<"projects" | "stacks" | "pairs", string>[];
    refused: Record<"projects" | "stacks" | "error", string>[];
  };

  // The stack that is selected in a project is the CLI's own to tell: test/cli/pulumi/preview.test.ts.
  it("are every stack with the one project, the one in each, or the first with the first, and so on", async () => {
    for (const { projects, stacks, pairs } of paired) {
      const targets = await of(projects, stacks);
      const found = targets.map(({ stack, roots }) => `${roots.manifest} ${stack}`.replace("/Pulumi.yaml", ""));
      expect(found.join(", ")).to.equal(pairs);
    }
  });

  it("are refused where they can't be paired, are named twice, or are of no project", async () => {
    for (const { projects, stacks, error: message } of refused) {
      const error = await of(projects, stacks).catch((each: unknown) => each);
      expect(error).to.be.instanceOf(UsageError).with.property("message").that.includes(message);
    }
  });
});
