import { expect } from "chai";
import { run } from "../engine/command";
import { ROOT } from "../engine/paths";

/** Runs mocha on tests that need Python, on a PATH that has none. */
async function withoutPython(ci: string): Promise<{ code: number; said: string }> {
  const args = ["node_modules/mocha/bin/mocha.js", "--no-color", "harness/s3/gateway.test.ts"];
  const env = { ...process.env, PATH: "/nowhere", CI: ci };
  const { code, stdout } = await run(process.execPath, args, { cwd: ROOT, env });
  return { code, said: stdout };
}

describe("Tests that need Python, where there is none", () => {
  it("are left out, and the report says so", async () => {
    const { code, said } = await withoutPython("");
    expect(code, said).to.equal(0);
    expect(said).to.include("- is LEFT OUT: there is no Python 3.10 or newer with venv on PATH");
    expect(said).to.include("0 passing").and.to.include("1 pending");
  });

  it("fail in CI", async () => {
    const { code, said } = await withoutPython("true");
    expect(code).to.equal(1);
    expect(said).to.include("there is no Python 3.10 or newer with venv on PATH, and CI leaves nothing out");
  });
});
