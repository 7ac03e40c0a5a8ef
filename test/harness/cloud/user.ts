import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { engine, writeProgram, type DataResource } from "../engine";
import { type Finished, run } from "../engine/command";
import { ROOT } from "../engine/paths";
import type { Cloud } from "./server";

/** Someone at the CLI who starts with an empty PULUMI_HOME and has heard of the Cloud's address and a token. */
export interface User {
  home: string;
  env: NodeJS.ProcessEnv;
  /** Any pulumi command, without a terminal and without colors. */
  pulumi(args: string[], options?: { cwd?: string; env?: NodeJS.ProcessEnv }): Promise<Finished>;
  /** A project with the stack ORG/NAME/prod, of a program that is data: its folder. */
  project(name: string, resources: readonly DataResource[]): Promise<string>;
  /** Previews the stack of a project, with nothing but what the Cloud requires. */
  preview(folder: string, env?: NodeJS.ProcessEnv): Promise<PreviewOutcome>;
  remove(): void;
}

/** The outcome of a preview: for the developer, and for the Cloud. */
export interface PreviewOutcome {
  code: number;
  output: string;
  /** "policy level urn" of each violation that the Cloud was told of. */
  violations: string[];
  /** The packs that evaluated, with their versions, as the Cloud was told. */
  packs: Record<string, string>;
}

/** Below the project's root, where packages are looked for in its node_modules. */
const CACHE = join(ROOT, ".cache/cloud");

/**
 * PULUMI_HOME lies outside the repository, so that a required pack finds nothing but what was installed with it. Programs lie
 * inside, where they find the project's own @pulumi/aws.
 */
export async function newUser(cloud: Cloud): Promise<User> {
  const { pulumi, env: base } = await engine();
  const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
  mkdirSync(CACHE, { recursive: true });
  const projects = mkdtempSync(join(CACHE, "user-"));
  const env = {
    ...base,
    PULUMI_HOME: home,
    PULUMI_ACCESS_TOKEN: cloud.token,
    PULUMI_OPTION_NON_INTERACTIVE: "true",
    PULUMI_OPTION_COLOR: "never",
    AWS_REGION: "us-east-1",
  };
  const command: User["pulumi"] = (args, options = {}) =>
    run(pulumi, args, { cwd: options.cwd ?? projects, env: { ...env, ...options.env } });

  return {
    home,
    env,
    pulumi: command,
    async project(name, resources) {
      const folder = join(projects, name);
      mkdirSync(folder);
      await writeProgram(folder, { name, resources });
      const made = await command(["stack", "init", `${cloud.organization.name}/${name}/prod`], { cwd: folder });
      if (made.code !== 0) throw new Error(`no stack for ${name}: ${made.stderr}`);
      return folder;
    },
    async preview(folder, more) {
      const { code, stdout, stderr } = await command(["preview"], { cwd: folder, ...(more ? { env: more } : {}) });
      const stack = cloud.stacks.get(cloud.organization.name, folder.slice(projects.length + 1), "prod");
      const events = stack.updates.at(-1)?.events ?? [];
      return {
        code,
        output: stdout + stderr,
        violations: events
          .flatMap(({ policyEvent: e }) => (e ? [`${e.policyName} ${e.enforcementLevel} ${e.resourceUrn ?? ""}`] : []))
          .sort(),
        packs: events.find((e) => e.summaryEvent)?.summaryEvent?.PolicyPacks ?? {},
      };
    },
    remove() {
      for (const folder of [home, projects]) rmSync(folder, { recursive: true, force: true });
    },
  };
}
