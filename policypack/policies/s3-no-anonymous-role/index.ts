import type { Resource } from "../../engine/resource";
import { said } from "../../findings/finding";
import { property, valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { allowsOf } from "../allows";
import { metaOf } from "../meta";
import { IDENTITY_POLICIES } from "../s3-no-unconditional-unblock";

const ROLES = /^aws:iam\/role:|^aws-native:iam:Role$/;
const POOLS = /^aws:cognito\/identityPoolRoleAttachment:|^aws-native:cognito:IdentityPoolRoleAttachment$/;
const ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const MANAGED = /\/(?:AmazonS3(?:FullAccess|ReadOnlyAccess)|AdministratorAccess|PowerUserAccess|ReadOnlyAccess)$/;
const READS = ["s3:GetObject", "s3:ListBucket"];

/** The texts at properties, and the resources that they come from. */
function keysOf({ references, read }: Resource, ...keys: string[]): string[] {
  const all = keys.flatMap((key) => [...references(key), read(key)]).flat();
  return all.filter((each) => typeof each === "string");
}

/** Roles and policies that read S3, by URN and name. What is attached comes last. */
function readersIn(resources: readonly Resource[]): ReadonlySet<string> {
  const readers = new Set<string>();
  const [own, attached] = [false, true].map((is) => resources.filter(({ type }) => (type === ATTACHED) === is));
  for (const each of [...(own ?? []), ...(attached ?? [])]) {
    const allows = valuesAt(each.read, IDENTITY_POLICIES[each.type] ?? "").flatMap(allowsOf);
    const arns = keysOf(each, "policyArn", "managedPolicyArns");
    const isReader = arns.some((arn) => MANAGED.test(arn) || readers.has(arn));
    if (!isReader && !allows.some((allow) => READS.some(allow.allows))) continue;
    for (const key of [each.urn, ...keysOf(each, "role", "roleName")]) readers.add(key);
  }
  return readers;
}

/** Who may act as a role without having signed in, as far as the program shows it. */
function strangersOf(role: Resource, pools: readonly Resource[]): string | undefined {
  const trust = [role.read("assumeRolePolicy"), role.read("assumeRolePolicyDocument")].flatMap(allowsOf);
  if (trust.some((each) => each.condition === undefined && each.principals.get("aws")?.includes("*"))) {
    return "its trust policy lets everyone in";
  }
  const isGuest = trust.some(({ conditions }) =>
    [...conditions].some(([name, values]) => name.endsWith(".amazonaws.com:amr") && values.includes("unauthenticated")),
  );
  const isOfPool = pools.some(({ read, references }) => {
    const [roles, arn] = [read("roles"), role.read("arn")];
    const isOnly = property(roles, "authenticated") === undefined && references("roles").includes(role.urn);
    const guest = property(roles, "unauthenticated");
    return guest !== undefined && (isOnly || (typeof arn === "string" && guest === arn));
  });
  return isGuest || isOfPool ? "Amazon Cognito gives it to visitors who haven't signed in" : undefined;
}

export const s3NoAnonymousRole: StackPolicy = {
  ...metaOf("s3-no-anonymous-role"),
  reads: (type) => Object.hasOwn(IDENTITY_POLICIES, type) || type === ATTACHED || ROLES.test(type) || POOLS.test(type),
  evaluateStack: (resources) => {
    const readers = readersIn(resources);
    const pools = resources.filter(({ type }) => POOLS.test(type));
    return resources.flatMap((role) => {
      const isReader = [role.urn, ...keysOf(role, "name", "roleName")].some((key) => readers.has(key));
      const how = ROLES.test(role.type) && isReader ? strangersOf(role, pools) : undefined;
      return how === undefined ? [] : [{ urn: role.urn, said: said("anonymous-role", role.urn, { how }) }];
    });
  },
};
