import { relative } from "node:path";
import { groupBy, parseJson } from "../../policypack/face";
import { type Config, excepted, type Excepted, MATCH, withExceptions } from "../config";
import type { Target } from "../gate/targets";
import { shellQuoted } from "../options";
import type { Finding, Report } from "../report/report";
import { LOST, OWN } from "../report/rules";
import { fits } from "../shape";
import { answerOf } from "./stacks";
import { cliVersion, lacks } from "./version";

/*
 * Pulumi Cloud's own policy exceptions, by the CLI's `policy exception`. Each belongs to a policy pack of an organization, and
 * names policies and URNs exactly. Source: Pulumi's pkg/cmd/pulumi/policy/policy_exception_list.go and policy_exception_new.go.
 */

/** The CLI's command that asks for an exception for a finding. */
export function wordsFor({ pack, policy, urn }: Finding, stack: string): string[] {
  return ["policy", "exception", "new", pack, "--stack", stack, "--policy", policy, "--target", urn];
}

/**
 * The report, with the command that asks for an exception for each finding that a required pack blocks by. An exception can't
 * name what the gate itself found, nor what is inside of a resource.
 */
export async function withRequests(report: Report, { stack, cwd }: Target): Promise<Report> {
  const required = report.packs.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const isAskable = ({ pack, policy, urn, blocks, published }: Finding): boolean =>
    blocks && required.includes(pack) && policy !== LOST && urn !== "" && published?.address === undefined;
  if (!report.findings.some(isAskable) || lacks(await cliVersion(), "exceptions")) return report;
  const from = relative(process.cwd(), cwd);
  const findings = report.findings.map((finding): Finding => {
    if (!isAskable(finding)) return finding;
    const words = [...wordsFor(finding, stack), ...(from === "" ? [] : ["--cwd", from]), "--expires-in", "30d"];
    const request = `Or ask Pulumi Cloud for an exception: pulumi ${words.map(shellQuoted).join(" ")} --reason "…"`;
    const [message, more] = [finding.message, finding.more].map((text) => (text ? `${text}\n${request}` : request));
    return { ...finding, message: message ?? request, more: more ?? request, request };
  });
  return { ...report, findings };
}

export type CloudExceptions = Awaited<ReturnType<typeof exceptionsOf>>;

const LIST = {
  exceptions: [{ id: "string", policyPack: "string", reason: "string", status: "string", match: [MATCH] }],
} as const;

/** The active exceptions for this policy pack in the organizations of these stacks, `ORG/PROJECT/STACK`. */
export async function exceptionsOf(stacks: readonly { readonly name: string }[], config: Config) {
  // A backend without organizations calls its only one so.
  const organizationOf = (stack: string) => /^(?!organization\/)([^/]+)\/[^/]+\/[^/]+$/.exec(stack)?.[1];
  const configs = new Map<string | undefined, Config>();
  const [all, problems]: [Excepted[], string[]] = [[], []];
  for (const organization of groupBy(stacks, ({ name }) => organizationOf(name)).keys()) {
    if (organization === undefined) continue;
    const args = ["policy", "exception", "list", OWN, "--org", organization, "--output", "json"];
    const { text, reason } = await answerOf(args);
    const list = parseJson(text);
    if (fits(list, LIST)) {
      const own = list.exceptions.filter(({ policyPack, status }) => policyPack === OWN && status === "active");
      const exceptions = own.flatMap(({ id, reason, match, ...more }) => {
        const { createdAt, expiresAt } = more as Readonly<Partial<Record<"createdAt" | "expiresAt", string | null>>>;
        if (expiresAt && !(Date.parse(expiresAt) > Date.now())) return [];
        const terms = {
          reason: `${reason} (${id} in Pulumi Cloud)`,
          ...(createdAt && { since: createdAt.slice(0, 10) }),
          ...(expiresAt && { expires: expiresAt.slice(0, 10) }),
        };
        return match.flatMap((each) => excepted(each, terms)).filter(({ exemption }) => exemption.urn !== "");
      });
      configs.set(organization, withExceptions(config, exceptions));
      all.push(...exceptions);
    } else if (!/exceptions aren't (enabled|available) for/.test(reason))
      problems.push(`Exceptions of ${organization} in Pulumi Cloud were not read, so they exempt nothing: ${reason}`);
  }
  return { all, problems, configOf: (stack: string): Config => configs.get(organizationOf(stack)) ?? config };
}
