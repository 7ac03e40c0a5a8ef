/*
 * Bundles the policy pack into one file, dist/policypack/index.js, which the language host loads as a module and a recent
 * engine runs as an executable; and the gate into dist/cli/main.js. Neither is minified: what runs can be read.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";

const root = path.dirname(import.meta.dirname);
const require = createRequire(import.meta.url);

/** The parts of `@pulumi/pulumi` that a pack runs on. The whole takes several times as long to load as all the rest. */
const PARTS = /^(asset|proto|utils)\b/;

/** Replaces what is in the text once. An SDK that isn't as it was fails the build. */
function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`the SDK has changed: ${from} isn't in there once`);
  return text.replace(from, () => to);
}

/** `new PolicyPack` reads its version from the working directory, which is anyone's when the pack is run as an executable. */
function withOwnVersion(code) {
  const { version } = require("../package.json");
  return replaceOnce(code, "require(`${cwd}/package.json`)", JSON.stringify({ version }));
}

/** The SDK loads all of `@pulumi/pulumi` for its assets, one predicate and four constants. */
function withParts(code) {
  const used = (module) => [...new Set(code.match(new RegExp(`\\b${module}\\.\\w+(\\.\\w+)?`, "g")))];
  const odd = used("pulumi_1").filter((name) => !/\.asset\.|\.Output\.isInstance$/.test(name));
  if (odd.length > 0) throw new Error(`the SDK has changed: it uses ${odd.join(", ")}`);

  const rpc = require("@pulumi/pulumi/runtime/rpc");
  const constants = used("rpc_1").map((name) => [name.split(".")[1], rpc[name.split(".")[1]]]);
  const strange = constants.find(([, value]) => typeof value !== "string");
  if (strange) throw new Error(`the SDK has changed: ${strange[0]} is no constant`);

  const isInstance = 'return utils.isInstance(obj, "__pulumiOutput");';
  replaceOnce(String(require("@pulumi/pulumi").Output.isInstance), isInstance, "");

  const parts = `(() => {
    const utils = require("@pulumi/pulumi/utils");
    return { asset: require("@pulumi/pulumi/asset"), Output: { isInstance: (obj) => { ${isInstance} } } };
  })()`;
  const narrowed = replaceOnce(code, 'require("@pulumi/pulumi")', parts);
  const frozen = JSON.stringify(Object.fromEntries(constants));
  return replaceOnce(narrowed, 'require("@pulumi/pulumi/runtime/rpc")', frozen);
}

const EDITS = { "policy.js": withOwnVersion, "deserialize.js": withParts };

const edits = {
  name: "sdk-edits",
  setup({ onLoad }) {
    onLoad({ filter: /@pulumi[\\/]policy[\\/](policy|deserialize)\.js$/ }, ({ path: file }) => ({
      contents: EDITS[path.basename(file)](readFileSync(file, "utf8")),
    }));
  },
};

/** The folders of the packages that the bundle has parts of. */
function packagesIn(inputs) {
  const folders = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function check(inputs, packages) {
  const foreign = inputs.filter((file) => {
    const [, part] = file.split("node_modules/@pulumi/pulumi/");
    return part !== undefined && !PARTS.test(part);
  });
  if (foreign.length > 0) throw new Error(`the SDK has changed: it loads ${foreign.join(", ")}`);
  const names = packages.map((folder) => folder.split("node_modules/").at(-1));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`the bundle would have two copies of ${twice}. Run npm dedupe.`);
}

function licenseOf(folder) {
  const { name, version, license } = require(path.join(root, folder, "package.json"));
  const files = readdirSync(path.join(root, folder)).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  );
  if (files.length === 0) throw new Error(`${name} has no license text to pass on`);
  const texts = files.map((file) => readFileSync(path.join(root, folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}

/** Whoever starts it meanwhile gets either the old file or the new one. */
function replaceFile(file, contents, mode) {
  const temporary = path.join(root, "dist", `${process.pid}.tmp`);
  writeFileSync(temporary, contents);
  chmodSync(temporary, mode);
  renameSync(temporary, file);
}

/** Bundles into the folder of the file, which has nothing else in it afterwards. */
async function bundle(options) {
  const { outputFiles, metafile } = await build({
    ...{ absWorkingDir: root, bundle: true, platform: "node", target: "node20.19" },
    ...{ sourcemap: true, sourcesContent: false, metafile: true, write: false },
    ...options,
  });
  const inputs = Object.keys(metafile.inputs);
  const packages = packagesIn(inputs);
  check(inputs, packages);

  const folder = path.join(root, path.dirname(options.outfile));
  mkdirSync(folder, { recursive: true });
  const files = outputFiles.map(({ path: file, contents }) => [path.basename(file), contents]);
  const line = `\n\n${"=".repeat(80)}\n\n`;
  if (packages.length > 0) files.unshift(["LICENSES.txt", `${packages.map(licenseOf).join(line)}\n`]);
  for (const [name, contents] of files) {
    replaceFile(path.join(folder, name), contents, name.endsWith(".js") ? 0o755 : 0o644);
  }
  const built = files.map(([name]) => name);
  for (const stale of readdirSync(folder).filter((name) => !built.includes(name))) {
    rmSync(path.join(folder, stale), { recursive: true });
  }
}

await bundle({
  stdin: {
    contents: 'import "./engine/stack-traces"; import "./engine/engine-gone"; import "./index";',
    resolveDir: `${root}/policypack`,
  },
  outfile: "dist/policypack/index.js",
  banner: { js: "#!/usr/bin/env node" },
  plugins: [edits],
  loader: { ".md": "text" },
  define: { "process.env.PACK_REPOSITORY": JSON.stringify(process.env.PACK_REPOSITORY ?? "") },
});
await bundle({ entryPoints: ["cli/main.ts"], outfile: "dist/cli/main.js" });
