import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Manifest, type Product, readProduct } from "./report/repository";

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

/** This package, as reports name it. */
export function product(): Product {
  return readProduct(JSON.parse(readFileSync(join(packageFolder(), "package.json"), "utf8")) as Manifest);
}
