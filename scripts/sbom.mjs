import { Buffer } from "node:buffer";

const described = (type, { name, version, license }) => {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return { type, "bom-ref": purl, name, version, purl, licenses: [{ expression: license }] };
};

/**
 * The parts of a bundle, as CycloneDX 1.6 lists them: the packages that esbuild put parts of into it, with the hashes and the
 * dependencies that npm's lock file has for them. The same build gives the same text.
 * @param packages the manifests of those packages, by their folders
 */
export function sbomOf(manifest, packages, lock) {
  const main = described("application", manifest);
  const needs = new Map();
  const components = Object.entries(packages).map(([folder, { name, version: installed, license }]) => {
    const {
      version,
      integrity = "",
      dependencies,
    } = lock.packages[folder.slice(folder.indexOf("node_modules/"))] ?? {};
    const [algorithm, hash] = integrity.split("-");
    // Some manifests have a v before it.
    if (algorithm !== "sha512" || version !== installed.replace(/^v/, ""))
      throw new Error(`npm-shrinkwrap.json has another ${name} than ${folder}. Run npm ci.`);
    needs.set(name, dependencies ?? {});
    const hashes = [{ alg: "SHA-512", content: Buffer.from(hash, "base64").toString("hex") }];
    return { ...described("library", { name, version, license }), hashes };
  });
  const refsOf = (wanted) => components.filter(({ name }) => name in wanted).map((each) => each["bom-ref"]);
  const dependencies = components.map((each) => ({ ref: each["bom-ref"], dependsOn: refsOf(needs.get(each.name)) }));
  dependencies.unshift({ ref: main["bom-ref"], dependsOn: components.map((each) => each["bom-ref"]) });
  const head = { bomFormat: "CycloneDX", specVersion: "1.6", version: 1, metadata: { component: main } };
  return `${JSON.stringify({ ...head, components, dependencies }, null, 2)}\n`;
}
