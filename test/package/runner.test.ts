import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";

import { type Finished, run } from "../harness/engine/command";
import { resolveFrom } from "../harness/engine/language-host/resolve";
import { ROOT } from "../harness/engine/paths";
import { tempFolder } from "../temp-folder";
import { testdata } from "../testdata";

const PACK = join(ROOT, "dist/policypack");
const MODULE = "@pulumi/pulumi/cmd/run-policy-pack";

const OWN = resolveFrom(PACK, MODULE);
const PULUMIS = resolveFrom(ROOT, MODULE);

const FAILED = String.raw`error: \[runtime\] Running program '.*' failed with an unhandled exception:\n {4}`;
const PACKS = testdata("runner.yaml") as Record<string, [code: string, exitCode: number, told: string]>;

describe("The runner that the pack brings in place of Pulumi's own", () => {
  let folder: string;
  before(() => {
    folder = tempFolder("pack");
  });

  /** A pack in a folder of its own. */
  function pack(name: string, code: string): string {
    const made = join(folder, name);
    mkdirSync(made, { recursive: true });
    writeFileSync(join(made, "package.json"), JSON.stringify({ name: "pack", main: "main.js" }));
    writeFileSync(join(made, "main.js"), code);
    return made;
  }

  const started = (runner: string, args: string[], cwd: string): Promise<Finished> =>
    run(process.execPath, [runner, ...args], { cwd, limitMs: 60_000 });

  it("is another one than Pulumi's, and is what the language host finds", () => {
    expect(OWN).to.equal(join(PACK, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js"));
    expect(PULUMIS).to.equal(join(ROOT, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js"));
  });

  for (const [name, [code, exitCode, told]] of Object.entries(PACKS)) {
    it(`does as Pulumi's own with a pack that ${name}`, async () => {
      const made = pack(name, code);
      const [own, pulumis] = await Promise.all(
        [OWN, PULUMIS].map((runner) => started(runner, ["127.0.0.1:1", made], made)),
      );
      for (const each of [own, pulumis]) {
        expect(each?.code, each?.stderr).to.equal(exitCode);
        expect(each?.stderr).to.match(new RegExp(told.replace("FAILED", FAILED)));
      }
      expect(own?.stdout).to.equal(pulumis?.stdout);
    });
  }

  it("takes the pack's folder as older engines give it, with the runtime's options as flags", async () => {
    const made = pack("flags", "console.log(process.cwd());");
    for (const args of [
      ["127.0.0.1:1", ".", "-production=true", "-typescript=false"],
      ["--max-old-space-size=100", "127.0.0.1:1", made],
    ]) {
      const { code, stdout } = await started(OWN, args, made);
      expect([code, stdout], args.join(" ")).to.deep.equal([0, `${made}\n`]);
    }
  });

  it("says how it is used, as Pulumi's own does, when there is no folder", async () => {
    const outcomes = await Promise.all([OWN, PULUMIS].map((runner) => started(runner, ["127.0.0.1:1"], folder)));
    const usage = { code: 255, stdout: "", stderr: "usage: RUN <engine-address> <program>\n" };
    expect(outcomes).to.deep.equal([usage, usage]);
  });

  it("has of the rest of the SDK the version alone, and says what it is when a host wants another part", () => {
    const require = createRequire(join(PACK, "noop.js"));
    const sdk = JSON.parse(readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8")) as {
      version: string;
    };
    expect(require("@pulumi/pulumi/package.json")).to.include({ name: "@pulumi/pulumi", version: sdk.version });
    for (const part of ["", "/cmd/run", "/cmd/run-plugin", "/runtime/rpc"])
      expect(() => {
        require(`@pulumi/pulumi${part}`);
      }).to.throw(/^This @pulumi\/pulumi is not Pulumi's SDK: it came with the policy pack .*--policy-pack/);
  });
});
