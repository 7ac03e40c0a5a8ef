/*
 * What makes dist/policypack a policy pack that runs as it is, with nothing to install: in addition to the bundle a manifest, and a
 * runner in node_modules. docs/performance.md says why the runner has the name that it has.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

const RUNNER = "@pulumi/pulumi";

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/**
 * The files next to the bundle, by their paths.
 * @param manifest the project's
 * @param sdkVersion of the SDK that the bundle has parts of. The runner has it too: an advisory about it concerns the pack
 * @param runner the code of `run-policy-pack` and `rest`
 */
export function packFolder(root, manifest, sdkVersion, runner) {
  const { name, version, description, license, engines } = manifest;
  const own = (file) => readFileSync(path.join(root, file));
  const [installed, start] = [`node_modules/${RUNNER}`, "./cmd/run-policy-pack/index.js"];
  // npm finds the one that is there, packs it, and fetches none.
  const bundled = { dependencies: { [RUNNER]: sdkVersion }, bundleDependencies: [RUNNER] };
  // Whatever else is asked for says why it isn't there.
  const modules = { "./cmd/run-policy-pack": start, [start]: start, "./package.json": "./package.json" };
  return {
    "PulumiPolicy.yaml": own("PulumiPolicy.yaml"),
    LICENSE: own("LICENSE"),
    "package.json": json({ name, version, description, license, private: true, main: "index.js", engines, ...bundled }),
    [`${installed}/README.md`]: own("policypack/runner/notice.md"),
    [`${installed}/package.json`]: json({
      name: RUNNER,
      version: sdkVersion,
      license,
      exports: { ...modules, ".": "./rest.js", "./*": "./rest.js" },
      description: `Not Pulumi's SDK: what starts the policy pack ${name}.`,
    }),
    [`${installed}/cmd/run-policy-pack/index.js`]: runner["run-policy-pack.js"],
    [`${installed}/rest.js`]: runner["rest.js"],
  };
}
