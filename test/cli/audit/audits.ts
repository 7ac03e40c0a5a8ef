/** Audits of states that are made up: in this process, and by the command line. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { audit as evaluated, type Request } from "../../../cli/audit/audit";
import type { Former } from "../../../cli/audit/compare";
import { readConfig } from "../../../cli/config";
import { expect } from "chai";
import type { Audit } from "../../../cli/report/audit";
import { run, type Finished } from "../../harness/engine/command";
import { CLI, jobless } from "../gate/gate";
import { audited } from "../report/builders";
import { BLOCK, block, bucket, exported, provider, urnOf, type Entry, type Place, type Props } from "./states";

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

const NAMES: Record<string, string> = {
  ...{ RULE: "s3-bucket-public-access-block", FLAGS: "s3-public-access-block-flags" },
  ...{ LOGS: urnOf("logs", undefined, WEBSITE), LOCK: urnOf("logsLock", BLOCK, WEBSITE) },
  AWAY: urnOf("lock", BLOCK, { project: "security", stack: "prod" }),
};

type Change = Props & { flags?: Props };
type WrittenEntry = string | Readonly<Record<string, Change>>;
interface WrittenStack {
  readonly in: string;
  readonly resources: readonly WrittenEntry[];
}
/** Stacks in a YAML file, as the head of test/testdata/audit/audits.yaml describes them. */
export type WrittenStacks = Readonly<Record<string, string | readonly WrittenEntry[] | WrittenStack>>;

export const casesIn = (file: string): unknown =>
  parse(
    readFileSync(join(__dirname, "../../testdata/audit", file), "utf8").replaceAll(
      /\b(RULE|FLAGS|LOGS|LOCK|AWAY)\b/g,
      (name) => NAMES[name] ?? "",
    ),
    { merge: true },
  );

/** Their states, by name; of a text that is no stack, the text. */
export const statesOf = (stacks: WrittenStacks): Record<string, string> =>
  Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, stateOf(stack)]));

function stateOf(written: WrittenStacks[string]): string {
  if (typeof written === "string") return written === "website" ? website() : written;
  const { in: at, resources } = "in" in written ? written : { in: "", resources: written };
  const [project, stack] = at.split(" ");
  const place: Place = at === "" ? {} : { project: project ?? "", stack: stack ?? "" };
  const rows = resources.flatMap((each) => Object.entries<Change>(typeof each === "string" ? { [each]: {} } : each));
  const entries = rows.map(([line, { flags = {}, ...change }]): Entry => {
    const [kind, name = "", target = ""] = line.split(" ");
    // What a block has of a bucket in another stack is its name alone.
    const foreign = rows.some(([other]) => other === `bucket ${target}`) ? {} : { propertyDependencies: {} };
    return kind === "bucket"
      ? bucket(name, change, place)
      : block(name, target, flags, { ...foreign, ...change }, place);
  });
  return stackOf(place, ...entries);
}

/** The audit, as if stacks and findings had these owners. */
export function withOwners(audit: Audit, ownerOf: (stack: string, name: string) => string | undefined): Audit {
  const reports = audit.reports.map(({ stack, findings, ...report }) => {
    const named = findings.map((each) => ({ ...each, owner: ownerOf(stack, each.name) }));
    return { ...report, stack, owner: ownerOf(stack, ""), findings: named };
  });
  return { ...audit, owners: { tag: "team" }, reports };
}

/** An audit as a later one reads it. */
export const formerOf = (audit: Audit, date = "2026-10-01"): Former => {
  return { ...(JSON.parse(audited("json", audit)) as Former), date };
};

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
