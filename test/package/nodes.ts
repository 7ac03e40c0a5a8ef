import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { engine } from "../harness/engine";
import { CACHE as ENGINE_CACHE } from "../harness/engine/paths";
import { CACHE, nodeFolder } from "./pack";

/** An environment in which the engine runs programs and packs on another Node.js, and a witness of it. */
export interface OtherNode {
  env: NodeJS.ProcessEnv;
  /** The versions of Node.js that have run policy packs so far. */
  seen(): string[];
}

/** @param version of the npm package that holds Node.js, "22" for the newest 22 */
export async function onNode(version: string): Promise<OtherNode> {
  const bin = await nodeFolder(version);
  const folder = join(CACHE, `on-node-${version}`);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "seen.txt");
  writeFileSync(log, "");
  const witness = join(folder, "witness.cjs");
  writeFileSync(
    witness,
    `if (process.argv[1]?.includes("run-policy-pack"))
       require("node:fs").appendFileSync(${JSON.stringify(log)}, process.version + "\\n");\n`,
  );
  // Our language host runs on the Node.js that it is started with; Pulumi's own takes the one on PATH.
  const { env } = await engine();
  writeFileSync(
    join(folder, "pulumi-language-nodejs"),
    `#!/bin/sh\nexec '${join(bin, "node")}' '${join(ENGINE_CACHE, "plugins/language-host.js")}' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    env: { PATH: [folder, bin, env.PATH].join(delimiter), NODE_OPTIONS: `--require=${JSON.stringify(witness)}` },
    seen: () => readFileSync(log, "utf8").split("\n").filter(Boolean),
  };
}
