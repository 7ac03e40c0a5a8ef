import type { Framework, Meta } from "../policy/definition";
import { advice, frameworks, policies, standards } from "./policies.json";

export type PolicyName = keyof typeof policies;

/** A policy evaluates each resource, before it is made, or (`evaluates`) the stack as a whole. */
type Evaluates<Name extends PolicyName> = Name extends PolicyName
  ? (typeof policies)[Name] extends { evaluates: string } | { advises: boolean }
    ? "stack"
    : "resource"
  : never;
type Told = Pick<Meta, "displayName" | "description" | "remediationSteps"> &
  Partial<Pick<Meta, "evaluates" | "level" | "severity" | "url" | "exemptIf" | "options">> & {
    /** The requirements of each standard, as AWS's page on Security Hub's controls maps them. */
    readonly framework: keyof typeof frameworks;
    /** The checks of others that ask for the same: Security Hub's (the first one explains it), checkov's, prowler's. */
    readonly checks?: readonly string[];
    /** It only advises, unless a configuration gives it another level. */
    readonly advises?: boolean;
  };

const HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";
const STANDARDS: Readonly<Record<string, Pick<Framework, "name" | "version"> & { readonly tag?: string }>> = standards;

const isOfHub = (check: string): boolean => /^\w+\.\d+$/.test(check);

function tagOf(check: string): string {
  if (check.startsWith("CKV")) return `checkov-${check}`;
  return `${isOfHub(check) ? "security-hub" : "prowler"}-${check}`;
}

type Own<Name extends PolicyName> = Readonly<{ name: Name; evaluates: Evaluates<Name> }>;

export function metaOf<Name extends PolicyName>(name: Name): Omit<Meta, keyof Own<Name>> & Own<Name> {
  const { framework, checks = [], advises, ...own } = policies[name] as Told;
  const { evaluates = "resource", ...told } = { ...((advises ? advice : {}) as Partial<Told>), ...own };
  const { specification, ...requirements } = frameworks[framework];
  const controls = checks.filter(isOfHub).map((check) => check.charAt(0).toUpperCase() + check.slice(1));
  const answered = Object.entries(requirements).flatMap(([id, given]) => {
    const references = id === "fsbp" ? [...new Set([...given, ...controls])] : given;
    return STANDARDS[id] === undefined || references.length === 0 ? [] : [{ ...STANDARDS[id], references }];
  });
  const [first = { name: "", version: "", references: [] }, ...others] = answered;
  return {
    ...{ name, severity: "high", url: `${HUB}#${checks[0]?.replace(".", "-") ?? ""}`, ...told },
    // The SDK takes one. A tag names the first requirement of each other: how much Pulumi Cloud takes isn't known.
    framework: { name: first.name, version: first.version, reference: first.references.join(", "), specification },
    frameworks: answered.map(({ name, version, references }) => ({ name, version, references })),
    evaluates: evaluates as Evaluates<Name>,
    tags: [
      ...["aws", "s3", "public-access", ...checks.map(tagOf)],
      ...others.flatMap(({ tag, references: [reference = ""] }) => (tag ? [`${tag}-${reference.toLowerCase()}`] : [])),
    ],
  };
}

/** Metadata of all policies, in report order (policies.json). It needs none of the rules to be loaded. */
export const metas = (Object.keys(policies) as PolicyName[]).map((name) => metaOf(name));
