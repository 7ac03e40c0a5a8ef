/** The `runtime.options` of Pulumi.yaml and PulumiPolicy.yaml that the Node.js host understands. */
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

export interface RuntimeOptions {
  /** Register ts-node; on unless set to false. */
  typescript: boolean;
  /** A tsconfig.json elsewhere than in the program's folder. */
  tsconfig: string | undefined;
  /** Extra arguments for node itself. */
  nodeArguments: string[];
  /** The package manager asked for; npm when none is. */
  packageManager: string;
}

/** Reads the options; values that come as strings ("true") count as what they say. */
export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const raw = (info?.getOptions()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const flag = (name: string, otherwise: boolean) =>
    raw[name] === undefined ? otherwise : raw[name] === true || raw[name] === "true";
  const text = (name: string) => (typeof raw[name] === "string" && raw[name] !== "" ? raw[name] : undefined);
  return {
    typescript: flag("typescript", true),
    tsconfig: text("tsconfig"),
    nodeArguments: text("nodeargs")?.split(/\s+/).filter(Boolean) ?? [],
    packageManager: text("packagemanager") ?? "npm",
  };
}

/** The environment by which `@pulumi/pulumi`'s run scripts learn about TypeScript. */
export function typescriptEnvironment(options: RuntimeOptions): NodeJS.ProcessEnv {
  return {
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
