import { relative } from "node:path";
import { groupBy, parseJson } from "../../policypack/face";
import { type Config, type Excepted, withExceptions } from "../config";
import type { Target } from "../gate/targets";
import { shellQuoted } from "../options";
import { print } from "../report/neutral";
import type { Finding, Report } from "../report/report";
import { LOST, OWN } from "../report/rules";
import { fits } from "../shape";
import { ask, textOf } from "./cli";
import { answerOf } from "./stacks";
import { cliVersion, lacks } from "./version";

/*
 * Pulumi Cloud's own policy exceptions, by the CLI's `policy exception`. Each belongs to a policy pack of an organization, and
 * names policies and URNs exactly. Source: Pulumi's pkg/cmd/pulumi/policy/policy_exception_list.go and policy_exception_new.go.
 */

const MATCH = [{ policies: ["string"], targets: ["string"] }] as const;
const LISTED = { id: "string", policyPack: "string", reason: "string", status: "string", match: MATCH } as const;

/** Whether an exception can name it: a policy pack's finding, and not one on what is inside of a resource. */
export function isExceptable({ policy, urn, blocks, published }: Finding): boolean {
  return blocks && policy !== LOST && urn !== "" && published?.address === undefined;
}

/** The report, with the command that asks for an exception for each finding that a required pack blocks by. */
export async function withRequests(report: Report, { stack, cwd }: Target): Promise<Report> {
  const required = report.packs.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const isAskable = (finding: Finding): boolean => required.includes(finding.pack) && isExceptable(finding);
  if (!report.findings.some(isAskable) || lacks(await cliVersion(), "exceptions")) return report;
  const from = relative(process.cwd(), cwd);
  const findings = report.findings.map((finding): Finding => {
    if (!isAskable(finding)) return finding;
    const { pack, policy, urn, message, more } = finding;
    const words = [
      pack,
      ...(from === "" ? [] : ["--cwd", from]),
      "--stack",
      stack,
      "--policy",
      policy,
      "--target",
      urn,
    ];
    const command = `pulumi policy exception new ${words.map(shellQuoted).join(" ")} --expires-in 30d --reason "…"`;
    const request = `Or ask Pulumi Cloud for an exception: ${command}`;
    return { ...finding, message: `${message}\n${request}`, more: more ? `${more}\n${request}` : request, request };
  });
  return { ...report, findings };
}

export type CloudExceptions = Awaited<ReturnType<typeof exceptionsOf>>;

/** The active exceptions for this policy pack in the organizations of these stacks, `ORG/PROJECT/STACK`. */
export async function exceptionsOf(stacks: readonly { readonly name: string }[], config: Config) {
  const organizationOf = (stack: string): string => /^([^/]+)\/[^/]+\/[^/]+$/.exec(stack)?.[1] ?? "";
  const configs = new Map<string, Config>();
  const all: Excepted[] = [];
  const problems: string[] = [];
  for (const organization of groupBy(stacks, ({ name }) => organizationOf(name)).keys()) {
    // A backend without organizations calls its only one so.
    if (["", "organization"].includes(organization)) continue;
    const args = ["policy", "exception", "list", OWN, "--org", organization, "--output", "json"];
    const { text, reason } = await answerOf(args);
    const list = parseJson(text);
    if (fits(list, { exceptions: [LISTED] })) {
      const exceptions = list.exceptions.flatMap(exceptedBy);
      configs.set(organization, withExceptions(config, exceptions));
      all.push(...exceptions);
    } else if (!/exceptions aren't (enabled|available) for/.test(reason))
      problems.push(`Exceptions of ${organization} in Pulumi Cloud were not read, so they exempt nothing: ${reason}`);
  }
  return { all, problems, configOf: (stack: string): Config => configs.get(organizationOf(stack)) ?? config };
}

type Listed = Readonly<Record<"id" | "policyPack" | "reason" | "status", string>> & {
  readonly match: readonly { readonly policies: readonly string[]; readonly targets: readonly string[] }[];
  readonly expiresAt?: string | null;
};

/** What it exempts now. A target isn't a pattern: one with a star in its name stands for nothing here. */
function exceptedBy({ id, policyPack, reason, status, match, expiresAt }: Listed): Excepted[] {
  const isOver = expiresAt != null && !(Date.parse(expiresAt) > Date.now());
  if (policyPack !== OWN || status !== "active" || isOver) return [];
  const expires = expiresAt == null ? {} : { expires: expiresAt.slice(0, 10) };
  return match.flatMap(({ policies, targets }) => {
    const urns = targets.filter((urn) => !urn.includes("*"));
    const exemptions = urns.map((urn) => ({ urn, reason: `${reason} (${id} in Pulumi Cloud)`, ...expires }));
    return policies.flatMap((policy) => exemptions.map((exemption) => ({ policy, exemption })));
  });
}

/**
 * Asks for an exception for each resource that the preview which was just made has findings of. The CLI says what came of it: with
 * approval wanted it is a change request.
 * @returns whether it has all that was asked for
 */
export async function request(findings: readonly Finding[], { stack, cwd }: Target, terms: readonly string[]) {
  let isDone = findings.length > 0;
  for (const [urn, each] of groupBy(findings, (finding) => finding.urn)) {
    const named = ["--target", urn, ...each.flatMap(({ policy }) => ["--policy", policy])];
    const args = ["policy", "exception", "new", OWN, "--stack", stack, "--preview", ...named, ...terms];
    const finished = await ask(args, { cwd });
    for (const line of [textOf(finished), finished.stderr]) if (line.trim() !== "") print(process.stderr, line.trim());
    isDone &&= finished.exitCode === 0 && !/^No violations /m.test(finished.stderr);
  }
  return isDone;
}
