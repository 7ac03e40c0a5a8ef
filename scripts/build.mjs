/*
 * Bundles the policy pack into one file, dist/policypack/index.js, which the language host loads as a module and a recent
 * engine runs as an executable; and the gate into dist/cli/main.js. Neither is minified: what runs can be read.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { withAbsoluteLinks } from "./readme-links.mjs";

const root = path.dirname(import.meta.dirname);
const require = createRequire(import.meta.url);

/** The web address of the repository that the pack is published from, for Pulumi Cloud's console to show. */
const repository = process.env.PACK_REPOSITORY ?? "";

/** The parts of `@pulumi/pulumi` that a pack runs on. The whole takes several times as long to load as all the rest. */
const PARTS = /^(asset|proto|utils)\b/;

/** Replaces what is in the text once. An SDK that isn't as it was fails the build. */
function replaceOnce(text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`the SDK has changed: ${from} isn't in there once`);
  return text.replace(from, () => to);
}

/**
 * The one text of the SDK that is changed: no module can stand in for a path that is put together when it runs.
 * `new PolicyPack` reads its version from the working directory, which is anyone's when the pack is run as
 * an executable.
 */
function withOwnVersion(code) {
  const { version } = require("../package.json");
  return replaceOnce(code, "require(`${cwd}/package.json`)", JSON.stringify({ version }));
}

const ownVersion = {
  name: "own-version",
  setup({ onLoad }) {
    onLoad({ filter: /@pulumi[\\/]policy[\\/]policy\.js$/ }, ({ path: file }) => ({
      contents: withOwnVersion(readFileSync(file, "utf8")),
    }));
  },
};

/** The README is shown where its relative links lead nowhere. */
const readme = {
  name: "readme",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]README\.md$/ }, ({ path: file }) => ({
      contents: withAbsoluteLinks(readFileSync(file, "utf8"), repository),
      loader: "text",
    }));
  },
};

/** What stands in for a module that the SDK uses little of. */
const SUBSTITUTES = {
  "@pulumi/pulumi": "policypack/engine/sdk/pulumi.ts",
  "@pulumi/pulumi/runtime/rpc": "policypack/engine/sdk/rpc.ts",
};

const substitutes = {
  name: "substitutes",
  setup({ onResolve }) {
    onResolve({ filter: /^@pulumi\/pulumi(\/runtime\/rpc)?$/ }, async ({ path: module, importer }) => {
      if (!/@pulumi[\\/]policy[\\/]/.test(importer)) return undefined;
      const file = path.join(root, SUBSTITUTES[module]);
      compare(readFileSync(importer, "utf8"), module, await loaded(file));
      return { path: file };
    });
  },
};

/** Fails if the code uses anything of the module that the substitute lacks, or has otherwise. */
function compare(code, module, substitute) {
  const names = [...code.matchAll(/\b(\w+) = require\("([^"]+)"\)/g)].filter(([, , from]) => from === module);
  const used = names.flatMap(([, name]) => code.match(new RegExp(`\\b${name}\\.\\w+(\\.\\w+)?`, "g")) ?? []);
  if (used.length === 0) throw new Error(`the SDK has changed: how it uses ${module} can't be read`);
  const real = require(module);
  const at = (whole, [, ...keys]) => keys.reduce((part, key) => part?.[key], whole);
  for (const name of new Set(used)) {
    const [own, theirs] = [substitute, real].map((whole) => at(whole, name.split(".")));
    if (own === undefined) throw new Error(`the SDK has changed: it uses ${name}`);
    if (!isSame(own, theirs)) throw new Error(`the SDK has changed: ${name} is not what stands in for it`);
  }
}

/** The same value, or a predicate that gives the same answers. */
function isSame(own, theirs) {
  if (own === theirs) return true;
  if (typeof own !== "function" || typeof theirs !== "function") return false;
  const { output, secret } = require("@pulumi/pulumi");
  const samples = [undefined, null, 1, "__pulumiOutput", {}, [], output(1), secret({}), output([])];
  const marked = [true, false, 0, undefined].map((mark) => ({ __pulumiOutput: mark }));
  return [...samples, ...marked].every((sample) => own(sample) === theirs(sample));
}

/** A module of the pack, as it runs; packages are those of the build itself, so that their classes are the same. */
async function loaded(file) {
  const { outputFiles } = await build({
    ...{ entryPoints: [file], bundle: true, platform: "node", packages: "external", write: false },
  });
  const module = { exports: {} };
  new Function("module", "require", outputFiles[0].text)(module, require);
  return module.exports;
}

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
  plugins: [ownVersion, substitutes, readme],
  define: { "process.env.PACK_REPOSITORY": JSON.stringify(repository) },
});
await bundle({ entryPoints: ["cli/main.ts"], outfile: "dist/cli/main.js" });
