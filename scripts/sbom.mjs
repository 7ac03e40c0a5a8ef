import { Buffer } from "node:buffer";

const purlOf = ({ name, version }) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

const described = (type, { name, version, license }) => {
  const purl = purlOf({ name, version });
  return { type, "bom-ref": purl, name, version, purl, licenses: [{ expression: license }] };
};

/**
 * What a bundle consists of, as CycloneDX 1.6 has it: the packages that esbuild put parts of into it, with the hashes and the
 * dependencies that npm's lock file has for them. The same build gives the same text.
 * @param manifest the project's
 * @param packages the manifests of those packages, by their folders
 * @param lock what npm-shrinkwrap.json has
 */
export function sbomOf(manifest, packages, lock) {
  const main = described("application", manifest);
  const entries = Object.entries(packages).map(([folder, { name, version: installed, license }]) => {
    const {
      version,
      integrity = "",
      dependencies = {},
    } = lock.packages[folder.slice(folder.indexOf("node_modules/"))] ?? {};
    const [algorithm, hash] = integrity.split("-");
    // Some manifests have a v before it.
    if (algorithm !== "sha512" || version !== installed.replace(/^v/, ""))
      throw new Error(`npm-shrinkwrap.json has another ${name} than ${folder}. Run npm ci.`);
    const content = Buffer.from(hash, "base64").toString("hex");
    const component = { ...described("library", { name, version, license }), hashes: [{ alg: "SHA-512", content }] };
    return { component, needs: Object.keys(dependencies) };
  });
  const refs = new Map(entries.map(({ component }) => [component.name, component["bom-ref"]]));
  const dependencies = entries.map(({ component, needs }) => {
    return { ref: component["bom-ref"], dependsOn: needs.flatMap((name) => refs.get(name) ?? []) };
  });
  const document = {
    ...{ bomFormat: "CycloneDX", specVersion: "1.6", version: 1, metadata: { component: main } },
    components: entries.map(({ component }) => component),
    dependencies: [{ ref: main["bom-ref"], dependsOn: [...refs.values()] }, ...dependencies],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
