import type { Meta } from "../policy/definition";
import { frameworks, policies } from "./policies.json";

export type PolicyName = keyof typeof policies;

/** A policy evaluates each resource, before it is made, or (`evaluates`) the stack as a whole. */
type Evaluates<Name extends PolicyName> = Name extends PolicyName
  ? (typeof policies)[Name] extends { evaluates: string }
    ? "stack"
    : "resource"
  : never;
type Told = Pick<Meta, "displayName" | "description" | "remediationSteps"> &
  Partial<Pick<Meta, "evaluates" | "level" | "severity" | "url" | "exemptIf" | "options">> & {
    readonly framework: keyof typeof frameworks;
    /** The checks of others that ask for the same: Security Hub's (the first one explains it), checkov's, prowler's. */
    readonly checks: readonly string[];
  };

const HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html";

function tagOf(check: string): string {
  if (check.startsWith("CKV")) return `checkov-${check}`;
  return /^\w+\.\d+$/.test(check) ? `security-hub-${check}` : `prowler-${check}`;
}

type MetaOf<Name extends PolicyName> = Omit<Meta, "name" | "evaluates"> & {
  readonly name: Name;
  readonly evaluates: Evaluates<Name>;
};

export function metaOf<Name extends PolicyName>(name: Name): MetaOf<Name> {
  const { framework, checks, evaluates = "resource", ...told } = policies[name] as Told;
  const { also, ...answered } = frameworks[framework];
  return {
    ...{ name, severity: "high", url: `${HUB}#${checks[0]?.replace(".", "-") ?? ""}`, ...told, framework: answered },
    evaluates: evaluates as Evaluates<Name>,
    tags: ["aws", "s3", "public-access", ...checks.map(tagOf), ...also],
  };
}

/** Metadata of all policies, in report order (policies.json). It needs none of the rules to be loaded. */
export const metas = (Object.keys(policies) as PolicyName[]).map((name) => metaOf(name));
