import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { PROGRAM } from "./command";
import { shellQuoted } from "./options";
import type { Product } from "./report/report";
import { type Manifest, readProduct } from "./report/repository";

/** This package's own folder, which has the policy pack in it. */
export function packageFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "dist/policypack/PulumiPolicy.yaml"))) return folder;
  }
  throw new Error(`there is no dist/policypack/PulumiPolicy.yaml above ${__dirname}`);
}

/** This package's own policy pack as a folder, which every CLI takes. */
export function ownFolder(): string {
  return join(packageFolder(), "dist/policypack");
}

/** The same in the form that starts soonest. Windows starts no file by its first line, and a copy can have lost the permission. */
export function ownPack(): string {
  const executable = join(ownFolder(), "index.js");
  try {
    if (process.platform === "win32") return ownFolder();
    accessSync(executable, constants.X_OK);
    return executable;
  } catch {
    return ownFolder();
  }
}

/** How a shell calls this command line, as it was installed. A package that npx fetched is there by its version only. */
export function calledAs(folder = packageFolder()): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  if (!/[\\/]node_modules[\\/]/.test(folder))
    return `node ${shellQuoted(relative(process.cwd(), process.argv[1] ?? ""))}`;
  if (/(\.zip|[\\/]unplugged)[\\/]/.test(folder)) return `yarn ${PROGRAM}`; // Of Plug'n'Play, which npx doesn't know.
  return /[\\/]_npx[\\/]/.test(folder) ? `npx --yes ${name}@${version}` : `npx ${name}`;
}

/** This package, as reports name it. */
export function product(): Product {
  return readProduct(JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as Manifest);
}
