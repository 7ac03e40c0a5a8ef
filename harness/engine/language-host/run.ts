/** Runs a Pulumi program: the Run call. */
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { join } from "node:path";
import { badEnd, start } from "./children";
import type { Ending } from "./children";
import { runtimeOptions, typescriptEnvironment } from "./options";
import { runScript } from "./resolve";

/** The program logged its error itself and nothing is left to say (cmd/run of `@pulumi/pulumi`). */
const BAIL_EXIT_CODE = 32;

/** What the engine is told of a finished program. */
export interface Outcome {
  error: string;
  bail: boolean;
}

/** The command line of `@pulumi/pulumi/cmd/run`. */
export function runArguments(request: RunRequest, engineAddress: string): string[] {
  const info = request.getInfo();
  const flags: [string, string | number | undefined][] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engineAddress],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", info?.getProgramDirectory()],
    ["dry-run", request.getDryrun() ? "true" : undefined],
    ["parallel", request.getParallel()],
  ];
  const set = flags.filter(([, value]) => value !== undefined && value !== "");
  return [
    ...set.flatMap(([name, value]) => (name === "dry-run" ? ["--dry-run"] : [`--${name}`, String(value)])),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
}

function outcome(ending: Ending): Outcome {
  if (ending.code === 0) return { error: "", bail: false };
  if (ending.code === BAIL_EXIT_CODE) return { error: "", bail: true };
  return { error: badEnd(ending), bail: false };
}

/** Runs the program to its end. Its output is the host's output, which the engine shows. */
export async function runProgram(request: RunRequest, engineAddress: string): Promise<Outcome> {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const options = runtimeOptions(request.getInfo());
  let script: string;
  try {
    script = runScript(folder, "@pulumi/pulumi/cmd/run", "pulumi install");
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), bail: false };
  }
  const { done } = start(
    process.execPath,
    [
      ...options.nodeArguments,
      "--require",
      join(__dirname, "node_modules/@pulumi/cmd/lean-sdk.js"),
      script,
      ...runArguments(request, engineAddress),
    ],
    {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        ...typescriptEnvironment(options),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  return outcome(await done);
}
