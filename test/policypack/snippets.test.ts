import { join } from "node:path";
import { needsEngine } from "../harness/engine/needs-engine";
import { ROOT } from "../harness/engine/paths";
import { checkTypes, pasteAll, programIn, project } from "./snippets";

describe("What a finding tells to paste", () => {
  needsEngine();

  it("compiles in TypeScript, and its preview passes", () =>
    pasteAll({
      file: "index.ts",
      text: programIn("typescript"),
      others: {
        "Pulumi.yaml": project("nodejs", "index.ts"),
        "package.json": '{ "name": "shop", "main": "index.ts" }',
        "tsconfig.json": JSON.stringify({
          extends: join(ROOT, "tsconfig.json"),
          compilerOptions: { rootDir: ".", noUnusedLocals: false },
          files: ["index.ts"],
          include: [],
        }),
      },
      compile: checkTypes,
    }));

  it("runs in JavaScript, and its preview passes", () =>
    pasteAll({
      file: "index.js",
      text: programIn("javascript"),
      others: {
        "Pulumi.yaml": project("nodejs", "index.js"),
        "package.json": '{ "name": "shop", "main": "index.js" }',
      },
    }));
});
