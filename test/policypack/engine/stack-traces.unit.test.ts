import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect } from "chai";
import { mapStackTraces } from "../../../policypack/engine/stack-traces";
import { tempFolder } from "../../temp-folder";

const SOURCE = `type Name = string;

export function fail(name: Name): never {
  throw new Error(name);
}
`;

describe("The stack traces of the executable", () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let folder: string;
  let bundle: string;

  beforeEach(() => {
    folder = tempFolder("bundle");
    bundle = join(folder, "out/index.js");
    writeFileSync(join(folder, "source.ts"), SOURCE);
    // No comment in the bundle names its map: Node.js itself, as tsx has set it up, would follow that.
    buildSync({
      ...{ entryPoints: [join(folder, "source.ts")], outfile: bundle, format: "cjs", platform: "node" },
      ...{ bundle: true, minify: true, sourcemap: "external", sourcesContent: false },
    });
  });
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  });

  /** The trace of the error that the bundle throws. */
  function trace(): string[] {
    const { fail } = createRequire(bundle)(bundle) as { fail: (name: string) => never };
    try {
      return fail("a name");
    } catch (error) {
      return (error as Error).stack?.split("\n") ?? [];
    }
  }

  it("name the lines of the sources, leave what is in none as it is, and read the map once", () => {
    mapStackTraces(bundle);
    for (const isMapThere of [true, false]) {
      if (!isMapThere) rmSync(`${bundle}.map`);
      const [message, first, second, ...more] = trace();
      expect(message).to.equal("Error: a name");
      expect(first)
        .to.match(/^ {4}at /)
        .and.to.contain(join(folder, "source.ts:4:9"));
      expect(second)
        .to.match(/^ {4}at trace \(/)
        .and.to.contain(__filename);
      const others = [second, ...more].join("\n");
      expect(others).to.not.include("/source.ts").and.to.not.include(bundle);
    }
    // A frame without a place in a file, and one of another file at a place that the map knows.
    const native = [1].map(() => new Error("native").stack ?? "").join("");
    expect(native).to.match(/^Error: native\n {4}at .*stack-traces\.unit\.test\.ts:\d+:\d+/);
    expect(native).to.match(/\n {4}at Array\.map \(<anonymous>\)\n/);
  });

  it("name the bundle's own lines where its map is not there, or is none", () => {
    expect(readFileSync(`${bundle}.map`, "utf8")).to.include('"version": 3');
    for (const text of ["{", undefined]) {
      if (text === undefined) rmSync(`${bundle}.map`);
      else writeFileSync(`${bundle}.map`, text);
      mapStackTraces(bundle);
      const [message, first] = trace();
      expect([message, first?.includes(`${bundle}:`)]).to.deep.equal(["Error: a name", true]);
    }
  });

  it("are not touched where the module is loaded, and not run", () => {
    expect(Object.getOwnPropertyDescriptor(Error, "prepareStackTrace")).to.deep.equal(before);
  });
});
