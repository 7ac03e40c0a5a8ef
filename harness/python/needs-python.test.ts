import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT } from "../engine/paths";

/** Runs mocha on tests that need Python, on a PATH that has none. */
function withoutPython(ci: string): { code: number | null; said: string } {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/mocha/bin/mocha.js"), "--no-color", join(ROOT, "harness/s3/gateway.test.ts")],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, PATH: "/nowhere", CI: ci } },
  );
  return { code: status, said: stdout };
}

describe("Tests that need Python, where there is none", () => {
  it("are left out, and the report says so", () => {
    const { code, said } = withoutPython("");
    expect([code, said]).to.deep.equal([0, said]);
    expect(said).to.include("- is LEFT OUT: there is no Python 3.10 or newer with venv on PATH");
    expect(said).to.include("0 passing").and.to.include("1 pending");
  });

  it("fail in CI", () => {
    const { code, said } = withoutPython("true");
    expect(code).to.equal(1);
    expect(said).to.include("there is no Python 3.10 or newer with venv on PATH, and CI leaves nothing out");
  });
});
