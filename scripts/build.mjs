/*
 * Builds dist/policypack and dist/cli. The pack's code is one file, index.js, which the language host loads as a module and a
 * recent engine runs as an executable; it loads yaml.js for a template in YAML. The command line starts with main.js and loads
 * the other bundles when a command needs them. Only yaml.js, source.js and live.js, mostly third-party code, are minified.
 */
import { Buffer } from "node:buffer";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";
import "tsx/cjs";
import { withAbsoluteLinks } from "./readme-links.mjs";
import { sbomOf } from "./sbom.mjs";

const root = path.dirname(import.meta.dirname);
const require = createRequire(import.meta.url);
const manifest = require("../package.json");

/** The web address of the repository that the pack is published from, for Pulumi Cloud's console to show. */
const repository = process.env.PACK_REPOSITORY ?? "";

/** The text that esbuild reads in place of each file of that name. */
const changing = (filter, change, loader = "js") => ({
  name: `changing ${filter}`,
  setup({ onLoad }) {
    onLoad({ filter }, ({ path: file }) => ({ contents: change(readFileSync(file, "utf8")), loader }));
  },
});

/** Changes a text of the SDK where no module can stand in for it. */
const changingSdk = (filter, text, instead) =>
  changing(filter, (code) => {
    const [before, after, ...others] = code.split(text);
    if (after === undefined || others.length > 0) throw new Error(`the SDK has changed: ${text} isn't in there once`);
    return before + instead + after;
  });

/** `new PolicyPack` reads its version from the working directory, which is anyone's for an executable. */
const ownVersion = changingSdk(
  /@pulumi[\\/]policy[\\/]policy\.js$/,
  "require(`${cwd}/package.json`)",
  JSON.stringify({ version: manifest.version }),
);

/** Most policies have the same options: their schema is converted once, not for each. */
const PROPERTIES = "policy.configSchema.properties";
const oneSchema = changingSdk(
  /@pulumi[\\/]policy[\\/]protoutil\.js$/,
  `structproto.Struct.fromJavaScript(${PROPERTIES})`,
  `(${PROPERTIES}[Symbol.for("schema")] ??= structproto.Struct.fromJavaScript(${PROPERTIES}))`,
);

/** Relative links lead nowhere where the README is shown. */
const readme = changing(/[\\/]README\.md$/, (markdown) => withAbsoluteLinks(markdown, repository), "text");

/** A map of its first line, so that the bundle's map, which is for our own code, has no more of it: it would be most of the map. */
const NO_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString("base64");
const unmapped = changing(
  /[\\/]node_modules[\\/].*\.js$/,
  (code) => `${code}\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`,
);

const { substitutes: SUBSTITUTES, bundles: BUNDLES } = require("./bundles.json");

const substitutes = {
  name: "substitutes",
  setup({ onResolve }) {
    onResolve({ filter: /^@pulumi\/pulumi(\/|$)/ }, ({ path: module, importer }) => {
      if (!(module in SUBSTITUTES) || !/@pulumi[\\/]policy[\\/]/.test(importer)) return undefined;
      const file = path.join(root, SUBSTITUTES[module]);
      compare(readFileSync(importer, "utf8"), module, require(file));
      return { path: file };
    });
  },
};

/** Fails if the code uses anything of the module that the substitute lacks, or has otherwise. */
function compare(code, module, substitute) {
  const names = [...code.matchAll(/\b(\w+) = require\("([^"]+)"\)/g)].filter(([, , from]) => from === module);
  const used = names.flatMap(([, name]) => code.match(new RegExp(`\\b${name}\\.\\w+(\\.\\w+)?`, "g")) ?? []);
  if (used.length === 0) throw new Error(`the SDK has changed: how it uses ${module} can't be read`);
  for (const name of new Set(used)) {
    const [, ...keys] = name.split(".");
    const [own, theirs] = [substitute, require(module)].map((whole) => keys.reduce((part, key) => part?.[key], whole));
    if (own === undefined) throw new Error(`the SDK has changed: it uses ${name}`);
    if (!isSame(own, theirs)) throw new Error(`the SDK has changed: ${name} is not what stands in for it`);
  }
}

/** The same value, or a predicate that gives the same answers. */
function isSame(own, theirs) {
  if (own === theirs || typeof own !== "function" || typeof theirs !== "function") return own === theirs;
  const { output, secret } = require("@pulumi/pulumi");
  const marked = [true, false, 0, undefined].map((mark) => ({ __pulumiOutput: mark }));
  const samples = [undefined, null, 1, "__pulumiOutput", {}, [], output(1), secret({}), output([]), ...marked];
  return samples.every((sample) => own(sample) === theirs(sample));
}

/** The manifests of the packages that the bundle has parts of, none of which may be there twice, by their folders. */
function packagesIn(inputs) {
  const found = inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const folders = [...new Set(found)].sort();
  const names = folders.map((folder) => folder.split("node_modules/").at(-1));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`the bundle would have two copies of ${twice}. Run npm dedupe.`);
  return Object.fromEntries(folders.map((folder) => [folder, require(path.join(root, folder, "package.json"))]));
}

function licensesOf(packages) {
  // Many have the same text, which is there once.
  const byText = new Map();
  // Some packages of AWS's SDK leave out the text that others of the same repository have.
  const core = require.resolve("@aws-sdk/core/package.json");
  for (const [folder, { name, version, license, repository }] of Object.entries(packages)) {
    const places = [path.join(root, folder)];
    if (repository?.url === require(core).repository.url) places.push(path.dirname(core));
    const text = places.map(licenseIn).find((each) => each !== "");
    if (text === undefined) throw new Error(`${name} has no license text to pass on`);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const texts = [...byText].map(([text, headings]) => `${headings.join("\n")}\n\n${text}`);
  return texts.join(`\n\n${"=".repeat(80)}\n\n`);
}

function licenseIn(folder) {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  return files.map((file) => readFileSync(path.join(folder, file), "utf8").trim()).join("\n\n");
}

/** The bundles' files by their names, with the licenses of what is in them, and the sources that went into each file. */
async function bundle(...all) {
  const form = { absWorkingDir: root, bundle: true, platform: "node", target: "node20.19", write: false };
  const maps = { sourcemap: true, sourcesContent: false, metafile: true };
  const bundles = await Promise.all(all.map((options) => build({ ...form, ...maps, ...options })));
  const inputs = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  // The parts that a pack runs on. The whole takes several times as long to load as all the rest.
  const foreign = inputs.filter((file) => /node_modules\/@pulumi\/pulumi\/(?!(?:asset|proto|utils)\b)/.test(file));
  if (foreign.length > 0) throw new Error(`the SDK has changed: it loads ${foreign.join(", ")}`);

  const outputs = bundles.flatMap(({ metafile }) => Object.entries(metafile.outputs));
  const used = outputs.flatMap(([, { inputs }]) => Object.entries(inputs));
  const packages = packagesIn(used.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])));
  const sbom = sbomOf(manifest, packages, require("../npm-shrinkwrap.json"));
  const built = bundles.flatMap(({ outputFiles }) => outputFiles);
  const own = Object.fromEntries(built.map(({ path: file, contents }) => [path.basename(file), contents]));
  return {
    files: { "LICENSES.txt": `${licensesOf(packages)}\n`, "sbom.cdx.json": sbom, ...own },
    sources: Object.fromEntries(outputs.map(([file, { inputs }]) => [path.basename(file), Object.keys(inputs)])),
  };
}

/** Writes the files into the folder, which has nothing else in it afterwards. Whoever starts one meanwhile gets the old or the new one. */
function writeFolder(name, files) {
  const folder = path.join(root, name);
  for (const [file, contents] of Object.entries(files)) {
    const [target, temporary] = [path.join(folder, file), path.join(root, "dist", `${process.pid}.tmp`)];
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(temporary, contents, { mode: file.endsWith(".js") ? 0o755 : 0o644 });
    renameSync(temporary, target);
  }
  const isBuilt = (entry) => Object.keys(files).some((file) => path.join(file, "/").startsWith(`${entry}/`));
  for (const stale of readdirSync(folder, { recursive: true }).filter((entry) => !isBuilt(entry))) {
    rmSync(path.join(folder, stale), { recursive: true, force: true });
  }
}

/**
 * The files that make dist/policypack a pack that runs as it is, with nothing to install: a manifest, and the runner in
 * node_modules. docs/performance.md says why that has the name that it has.
 */
function besidePack(runnerFiles) {
  const { name, version, description, license, engines } = manifest;
  const [own, json] = [(file) => readFileSync(path.join(root, file)), (value) => `${JSON.stringify(value, null, 2)}\n`];
  // An advisory about the SDK that the bundle has parts of concerns the pack.
  const runner = { name: "@pulumi/pulumi", version: require("@pulumi/pulumi/package.json").version };
  const [installed, start] = [`node_modules/${runner.name}`, "./cmd/run-policy-pack/index.js"];
  // npm finds the one that is there, packs it, and fetches none.
  const bundled = { dependencies: { [runner.name]: runner.version }, bundleDependencies: [runner.name] };
  // Whatever else is asked for says why it isn't there.
  const modules = { "./cmd/run-policy-pack": start, [start]: start, "./package.json": "./package.json" };
  const exports = { ...modules, ".": "./rest.js", "./*": "./rest.js" };
  const what = `Not Pulumi's SDK: what starts the policy pack ${name}.`;
  return {
    "PulumiPolicy.yaml": own("PulumiPolicy.yaml"),
    LICENSE: own("LICENSE"),
    "package.json": json({ name, version, description, license, private: true, main: "index.js", engines, ...bundled }),
    [`${installed}/README.md`]: own("policypack/runner/notice.md"),
    [`${installed}/package.json`]: json({ ...runner, license, exports, description: what }),
    [`${installed}/cmd/run-policy-pack/index.js`]: runnerFiles["run-policy-pack.js"],
    [`${installed}/rest.js`]: runnerFiles["rest.js"],
  };
}

const runner = await bundle({
  entryPoints: ["policypack/runner/run-policy-pack.ts", "policypack/runner/rest.ts"],
  outdir: "dist/runner",
  sourcemap: false,
  banner: { js: "// A part of the policy pack s3-public-access-block, not of Pulumi's SDK." },
});
const PACK = ["engine/stack-traces", "engine/engine-gone", "index"];
const pack = await bundle(
  {
    stdin: { contents: PACK.map((file) => `import "./${file}";`).join(" "), resolveDir: `${root}/policypack` },
    entryNames: "index",
    outdir: "dist/policypack",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [ownVersion, oneSchema, substitutes, readme, unmapped],
    // gRPC's parser of .proto files, for services of its own that nobody asks for: a fifth of what would be read at each start.
    external: ["@grpc/proto-loader"],
    define: { "process.env.PACK_REPOSITORY": JSON.stringify(repository) },
  },
  // Mostly a parser of others: only its size matters.
  { entryPoints: ["policypack/lib/yaml.ts"], outdir: "dist/policypack", minify: true, sourcemap: false },
);
writeFolder("dist/policypack", { ...pack.files, ...besidePack(runner.files) });

const onDemand = {
  name: "on-demand",
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.js$/ }, ({ path: module, resolveDir }) => {
      const file = path.relative(path.join(root, "cli"), path.join(resolveDir, module)).slice(0, -".js".length);
      const name = Object.keys(BUNDLES).find((each) => BUNDLES[each] === file.replaceAll("\\", "/"));
      return name && { path: `./${name}.js`, external: true };
    });
  },
};
const inCli = { outdir: "dist/cli", sourcemap: false, loader: { ".css": "text", ".html": "text", ".md": "text" } };
const { source, exempt, live, ...entries } = Object.fromEntries(
  Object.entries(BUNDLES).map(([name, file]) => [name, `cli/${file}.ts`]),
);
const cli = await bundle(
  // As `require`: for an `import`, Node.js first reads the whole bundle for what it exports.
  { ...inCli, entryPoints: entries, plugins: [onDemand], supported: { "dynamic-import": false } },
  // Most of these two are parsers of others.
  { ...inCli, entryPoints: { source }, minify: true },
  { ...inCli, entryPoints: { exempt }, plugins: [onDemand], minify: true },
  // Of a module's two forms the one that unused parts can be left out of.
  { ...inCli, entryPoints: { live }, minify: true, mainFields: ["module", "main"] },
);
const rules = cli.sources["main.js"].filter((file) =>
  /^policypack\/(policies\/(?!meta\.ts$|policies\.json$)|engine\/)/.test(file),
);
if (rules.length > 0)
  throw new Error(`the gate's bundle has rules in it: ${rules.join(", ")}. Import their metadata only.`);
writeFolder("dist/cli", cli.files);
