import { relative } from "node:path";
import { groupBy } from "../../policypack/face";
import { type Config, type Excepted, withExceptions } from "../config";
import type { Target } from "../gate/targets";
import { shellQuoted } from "../options";
import type { Finding, Report } from "../report/report";
import { LOST, OWN } from "../report/rules";
import { plural } from "../report/words";
import { fits } from "../shape";
import { answerOf } from "./stacks";
import { cliVersion, lacks } from "./version";

/*
 * Pulumi Cloud's own policy exceptions, by the CLI's `policy exception`. Each belongs to a policy pack of an organization, and
 * names policies and URNs exactly. Source: Pulumi's pkg/cmd/pulumi/policy/policy_exception_list.go and policy_exception_new.go.
 */

const COMMAND = ["policy", "exception"];

/** What an exception can name: a required pack's own finding, and not one on what is inside of a resource. */
export function isExceptable({ policy, urn, blocks, published }: Finding): boolean {
  return blocks && policy !== LOST && urn !== "" && published?.address === undefined;
}

/** The report, with the command that asks for an exception for each finding that a required pack blocks by. */
export async function withRequests(report: Report, { stack, cwd }: Target): Promise<Report> {
  const required = new Set(report.packs.filter(({ isRequired }) => isRequired).map(({ name }) => name));
  const isAskable = (finding: Finding): boolean => required.has(finding.pack) && isExceptable(finding);
  if (!report.findings.some(isAskable) || lacks(await cliVersion(), "exceptions")) return report;
  const from = relative(process.cwd(), cwd);
  const findings = report.findings.map((finding): Finding => {
    if (!isAskable(finding)) return finding;
    const { pack, policy, urn, message, more } = finding;
    const where = [...(from === "" ? [] : ["--cwd", from]), "--stack", stack];
    const words = [...COMMAND, "new", pack, ...where, "--policy", policy, "--target", urn, "--expires-in", "30d"];
    const request = `Or ask Pulumi Cloud for an exception: pulumi ${words.map(shellQuoted).join(" ")} --reason "…"`;
    const longer = more === undefined ? request : `${more}\n${request}`;
    return { ...finding, message: `${message}\n${request}`, more: longer, request };
  });
  return { ...report, findings };
}

const MATCH = [{ policies: ["string"], targets: ["string"] }] as const;
const LISTED = {
  exceptions: [{ id: "string", policyPack: "string", reason: "string", status: "string", match: MATCH }],
} as const;

/** An organization that has none. */
const NONE = /policy exceptions aren't (enabled|available) for/;

export type CloudExceptions = Awaited<ReturnType<typeof exceptionsOf>>;

/** The active exceptions for this policy pack in the organizations of these stacks, `ORG/PROJECT/STACK`. */
export async function exceptionsOf(stacks: readonly string[]) {
  // A backend without organizations has one of this name.
  const organizations = groupBy(
    stacks.filter((name) => /^(?!organization\/)[^/]+\/[^/]+\/[^/]+$/.test(name)),
    organizationOf,
  );
  const found = new Map<string, readonly Excepted[]>();
  const problems: string[] = [];
  for (const organization of organizations.keys()) {
    const { text, reason } = await answerOf([...COMMAND, "list", OWN, "--org", organization, "--output", "json"]);
    const exceptions = exceptionsIn(text);
    if (exceptions !== undefined) found.set(organization, exceptions);
    else if (!NONE.test(reason))
      problems.push(
        `Exceptions of ${organization} in Pulumi Cloud were not read, so they exempt nothing here: ${reason}`,
      );
  }
  return {
    /** All of them, in every organization. */
    all: [...found.values()].flat(),
    problems,
    /** The configuration of each stack, with the exceptions of its organization. */
    added: (config: Config) => {
      const configs = new Map([...found].map(([name, exceptions]) => [name, withExceptions(config, exceptions)]));
      return (stack: string): Config => configs.get(organizationOf(stack)) ?? config;
    },
  };
}

function organizationOf(stack: string): string {
  return stack.slice(0, stack.indexOf("/"));
}

/** Those in the CLI's list that hold now; undefined where it is no list. */
function exceptionsIn(json: string): Excepted[] | undefined {
  const list = jsonIn(json);
  if (!fits(list, LISTED)) return undefined;
  const active = list.exceptions.filter(({ policyPack, status }) => policyPack === OWN && status === "active");
  return active.flatMap(
    ({ id, reason, match, ...rest }: (typeof active)[number] & { readonly expiresAt?: unknown }) => {
      const end = rest.expiresAt ?? undefined;
      const expires = end === undefined ? {} : { expires: String(end).slice(0, 10) };
      if (end !== undefined && !(Date.parse(String(end)) > Date.now())) return [];
      return match.flatMap(({ policies, targets }) => {
        // A target isn't a pattern: one with a star in its name stands for nothing here.
        const urns = targets.filter((urn) => !urn.includes("*"));
        const exemptions = urns.map((urn) => ({ urn, reason: `${reason} (${id} in Pulumi Cloud)`, ...expires }));
        return policies.flatMap((policy) => exemptions.map((exemption) => ({ policy, exemption })));
      });
    },
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks for an exception for findings of the preview that was just made, and says what came of it. */
export async function request(
  findings: readonly Finding[],
  { stack, cwd }: Target,
  { reason, expires }: { readonly reason: string; readonly expires: string | undefined },
  dryRun: boolean,
): Promise<{ text: string; isMade: boolean }> {
  const args = [
    ...[...COMMAND, "new", OWN, "--stack", stack, "--preview", "--reason", reason, "--output", "json"],
    ...[...new Set(findings.flatMap(({ policy, urn }) => [`--policy=${policy}`, `--target=${urn}`]))],
    ...(expires === undefined ? [] : ["--expires-in", `${hoursUntil(expires)}h`]),
  ];
  const failed = (why: string) => ({ text: `${why}\nNothing was changed.`, isMade: false });
  const made = (text: string) => ({ text, isMade: true });
  // It takes the violations of the preview that Pulumi Cloud has on record: all of them, or nothing is asked for.
  const answered = await answerOf([...args, "--dry-run"], cwd);
  const plan = jsonIn(answered.text);
  if (!fits(plan, { exception: { match: MATCH } })) return failed(answered.reason || "it has none on record");
  const planned = plan.exception.match.flatMap(({ policies, targets }) =>
    targets.flatMap((urn) => policies.map((policy) => ({ policy, urn }))),
  );
  const [asked, found] = [findings, planned].map((some) => some.map(({ policy, urn }) => `${policy} on ${urn}`).sort());
  if (String(asked) !== String(found))
    return failed(`Pulumi Cloud would exempt ${String(found)}, and was asked for ${String(asked)}.`);
  const about = plural(findings.length, "finding");
  if (dryRun) return made(`An exception for ${about} would be asked for in Pulumi Cloud.`);
  const created = await answerOf([...args, "--yes"], cwd);
  const answer = jsonIn(created.text);
  if (fits(answer, { id: "string" })) return made(`${answer.id} in Pulumi Cloud exempts ${about}.`);
  if (!fits(answer, { changeRequestId: "string", changeRequestStatus: "string" })) return failed(created.reason);
  const { changeRequestId: id, changeRequestStatus: status } = answer;
  return made(
    `Asked for an exception for ${about} by change request ${id} (${status}). It holds once that is approved and applied.`,
  );
}

/** Whole hours until the end of a day (UTC), as Pulumi Cloud takes them. */
function hoursUntil(day: string): number {
  return Math.max(1, Math.floor((Date.parse(`${day}T24:00:00Z`) - Date.now()) / 3_600_000));
}
