import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { formatted } from "../../../cli/fix/format";
import { ROOT } from "../../harness/engine/paths";
import { tempFolder } from "../../temp-folder";

describe("a changed file", () => {
  const folder = tempFolder("fix-format");
  const roots = { repository: folder, project: join(folder, "infra"), manifest: "infra/Pulumi.yaml" };
  const after = (file: string, before: string, changed: string): string =>
    formatted({ file: `infra/${file}`, before, after: changed }, roots).after;
  before(() => {
    for (const bin of ["node_modules/.bin", "infra/.venv/bin"]) mkdirSync(join(folder, bin), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/prettier/bin/prettier.cjs"), join(folder, "node_modules/.bin/prettier"));
    writeFileSync(join(folder, ".prettierrc"), "semi: false\n");
    const black = '#!/bin/sh\n[ "$1 $2 $4" = "--quiet --stdin-filename -" ] && sed s/True/true/\n';
    writeFileSync(join(folder, "infra/.venv/bin/black"), black, { mode: 0o755 });
  });

  it("gets the layout of the project's own formatter, and its settings", () => {
    expect(after("index.ts", "a()\n", "a();b( 1 )\n")).to.equal("a()\nb(1)\n");
    expect(after("__main__.py", "a\n", "a = True\n")).to.equal("a = true\n");
  });

  it("stays as it is if the formatter had something to change before, has an error now, or isn't there", () => {
    expect(after("index.ts", "a();\n", "a();b( 1 )\n")).to.equal("a();b( 1 )\n");
    expect(after("index.ts", "a()\n", "a(\n")).to.equal("a(\n");
    expect(after("Pulumi.yaml", "a: 1\n", "a:   1\n")).to.equal("a:   1\n");
  });
});
