import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect } from "chai";
import { mapStackTraces } from "../../../policypack/engine/stack-traces";

const SOURCE = `type Name = string;

export function fail(name: Name): never {
  throw new Error(name);
}
export const inside = (call: () => void): void => call();
`;

describe("The stack traces of the executable", () => {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let folder: string;
  let bundle: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bundle-"));
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
    rmSync(folder, { recursive: true });
  });

  interface Bundle {
    fail: (name: string) => never;
    inside: (call: () => void) => void;
  }

  /** The trace of the error that the bundle throws. */
  function trace(): string[] {
    const { fail } = createRequire(bundle)(bundle) as Bundle;
    try {
      return fail("a name");
    } catch (error) {
      return (error as Error).stack?.split("\n") ?? [];
    }
  }

  it("name the lines of the sources", () => {
    mapStackTraces(bundle);
    const [message, first, second] = trace();
    expect(message).to.equal("Error: a name");
    expect(first).to.match(/^ {4}at /);
    expect(first).to.contain(join(folder, "source.ts:4:9"));
    expect(second).to.match(/^ {4}at trace \(/);
    expect(second).to.contain(__filename);
  });

  it("leave what is in no source as it is", () => {
    mapStackTraces(bundle);
    const frames = trace().slice(1);
    expect(frames.filter((frame) => frame.includes("source.ts"))).to.have.length(1);
    expect(frames.filter((frame) => frame.includes(bundle))).to.deep.equal([]);
    // A frame without a place in a file, and one of another file at a place that the map knows.
    const native = [1].map(() => new Error("native").stack ?? "").join("");
    expect(native).to.match(/^Error: native\n {4}at .*stack-traces\.unit\.test\.ts:\d+:\d+/);
    expect(native).to.match(/\n {4}at Array\.map \(<anonymous>\)\n/);
  });

  it("name the bundle's own lines where its map is not there, or is none", () => {
    const map = `${bundle}.map`;
    expect(JSON.parse(readFileSync(map, "utf8"))).to.have.property("version", 3);
    for (const text of ["{", undefined]) {
      if (text === undefined) rmSync(map);
      else writeFileSync(map, text);
      mapStackTraces(bundle);
      const [message, first] = trace();
      expect([message, first?.includes(`${bundle}:`)]).to.deep.equal(["Error: a name", true]);
    }
  });

  it("read the map once, for the first trace", () => {
    mapStackTraces(bundle);
    trace();
    rmSync(`${bundle}.map`);
    expect(trace()[1]).to.contain("source.ts:4:9");
  });

  it("are not touched where the module is loaded, and not run", () => {
    expect(Object.getOwnPropertyDescriptor(Error, "prepareStackTrace")).to.deep.equal(before);
  });
});
