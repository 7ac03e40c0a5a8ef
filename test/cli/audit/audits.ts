/** Audits of states that are made up: in this process, and by the command line. */
import { audit as evaluated, type Request } from "../../../cli/audit/audit";
import { readConfig } from "../../../cli/config";
import { expect } from "chai";
import type { Audit } from "../../../cli/report/audit";
import { run, type Finished } from "../../harness/engine/command";
import { CLI, jobless } from "../gate/gate";
import { block, bucket, exported, provider, type Entry, type Place, type Props } from "./states";

const TODAY = "2026-11-25";

export interface Given {
  readonly config?: object;
  readonly change?: Partial<Request>;
}

/** Audits states, by the names of their stacks. */
export function auditOf(states: Record<string, string>, { config, change }: Given = {}): Promise<Audit> {
  return evaluated({
    sources: Object.entries(states).map(([name, state]) => ({ name, read: () => Promise.resolve(state) })),
    config: config && readConfig(JSON.stringify(config)),
    today: TODAY,
    expiringWithin: 30,
    acceptOtherStacks: false,
    jobs: 2,
    progress: () => undefined,
    ...change,
  });
}

/** The state of a stack, its provider included. */
export function stackOf(place: Place, ...resources: Entry[]): string {
  return exported([provider({ region: "eu-west-1" }, place), ...resources]);
}

/** The state of a stack as a backend has it, from its export. */
export function deploymentOf(exported: string): Props {
  const { deployment } = JSON.parse(exported) as { deployment: Props };
  return { ...deployment, manifest: { time: "2026-11-25T00:00:00Z", magic: "", version: "v3.259.0" } };
}

/** That in a backend's folder. */
export function checkpointOf({ project = "", stack = "" }: Place, exported: string): string {
  const checkpoint = { stack: `organization/${project}/${stack}`, latest: deploymentOf(exported) };
  return JSON.stringify({ version: 3, checkpoint });
}

export const WEBSITE: Place = { project: "website", stack: "prod" };

/** A stack with a bucket that is locked, one without a block, and one with a block that has a flag off. */
export function website(place: Place = WEBSITE): string {
  return stackOf(
    place,
    bucket("data", {}, place),
    block("lock", "data", {}, {}, place),
    bucket("site", { sourcePosition: "project:///src/site.ts#3,7" }, place),
    bucket("logs", {}, place),
    block("logsLock", "logs", { blockPublicAcls: false }, {}, place),
    bucket("elsewhere", { external: true }, place),
  );
}

/** `s3-public-access-block audit`, as it is built. */
export const audit = (cwd: string, args: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> =>
  run(process.execPath, [CLI, "audit", ...args.split(" ").filter(Boolean)], {
    cwd,
    env: { ...jobless(process.env), ...env },
    keepColors: true,
  });

export const last = ({ stdout }: Finished): string => stdout.trimEnd().split("\n").at(-1) ?? "";

export function expectEnd(outcome: Finished, code: number, line: string): void {
  expect([outcome.code, last(outcome)], outcome.stdout + outcome.stderr).to.deep.equal([code, line]);
}
