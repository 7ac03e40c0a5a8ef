/**
 * A stand-in for Pulumi's language hosts of Python, Go and Java, which no registry has: it runs a program as they do, with the
 * command that it is started with. What the program registers with the engine is the real SDK's.
 */
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { start, stopChildren } from "../engine/language-host/children";
import { handlers } from "../engine/language-host/service";
import { servePlugin } from "../engine/plugin";

/** The arguments: the program and its own, in one JSON list; then those that the engine adds, its address the last. */
const [command = "", ...args] = JSON.parse(process.argv[2] ?? "[]") as string[];

const host = handlers(process.argv.at(-1) ?? "", async (request, engine) => {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  const { code } = await start(command, [...args, folder], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PULUMI_PROJECT: request.getProject(),
      PULUMI_STACK: request.getStack(),
      PULUMI_ORGANIZATION: request.getOrganization(),
      PULUMI_ROOT_DIRECTORY: info?.getRootDirectory(),
      PULUMI_MONITOR: request.getMonitorAddress(),
      PULUMI_ENGINE: engine,
      PULUMI_DRY_RUN: String(request.getDryrun()),
      PULUMI_PARALLEL: "1",
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    },
  }).done;
  return { error: code === 0 ? "" : `${command} ended with ${String(code)}`, bail: false };
});
void servePlugin(LanguageRuntimeService, host, stopChildren);
