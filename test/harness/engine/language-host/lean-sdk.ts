/** Loaded before a program: TypeScript, which Pulumi's SDK loads for serialized functions alone, is loaded on first use. */
import Module from "node:module";

const modules = Module as unknown as { _load: (request: string, parent?: Module, ...more: unknown[]) => unknown };
const load = modules._load;

modules._load = (request, parent, ...more) => {
  const isSdk = parent?.filename.includes("/@pulumi/pulumi/runtime/closure/") === true;
  if (!isSdk || request !== "../../typescript-shim") return load(request, parent, ...more);
  let loaded: Record<PropertyKey, unknown> | undefined;
  return new Proxy(
    {},
    {
      get(_target, name) {
        if (name === "__esModule") return true;
        loaded ??= load(request, parent, ...more) as Record<PropertyKey, unknown>;
        return loaded[name];
      },
    },
  );
};
