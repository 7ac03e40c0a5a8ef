/**
 * Loaded before a program: TypeScript and npm's arborist, which Pulumi's SDK loads for serialized functions alone, are loaded
 * when they are first used. They take half of the second that loading the SDK takes. They stand in the cache of modules, since
 * a hook would be a frame in the stack traces by which the SDK places resources.
 */
import Module, { createRequire } from "node:module";

const cache = (Module as unknown as { _cache: Record<string, NodeJS.Module | undefined> })._cache;
const load = createRequire(process.argv[1] ?? __filename);

for (const request of ["@npmcli/arborist", "@pulumi/pulumi/typescript-shim.js"]) {
  const file = resolved(request);
  if (file === undefined) continue;
  let loaded: Record<PropertyKey, unknown> | undefined;
  const standIn = new Module(file);
  Object.assign(standIn, { filename: file, loaded: true });
  standIn.exports = new Proxy(
    {},
    {
      get(_target, name) {
        if (name === "__esModule") return true;
        if (loaded === undefined) {
          cache[file] = undefined;
          loaded = load(file) as Record<PropertyKey, unknown>;
        }
        return loaded[name];
      },
    },
  );
  cache[file] = standIn;
}

/** An older SDK may have it elsewhere: it then loads as ever. */
function resolved(request: string): string | undefined {
  try {
    return load.resolve(request);
  } catch {
    return undefined;
  }
}
