import type { Resource } from "../../engine/resource";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { allowsOf, isIdentityPolicy } from "../allows";
import { metaOf } from "../meta";
import { guestsOf, isAttachment, keysOf, readersIn } from "../readers";
import { rolesOfPools, trustPolicies } from "../ways.json";

/** The places of trust policies in roles, by their type. */
const TRUST: Readonly<Record<string, string>> = trustPolicies;
const isPool = (type: string): boolean => rolesOfPools.includes(type);

/** Who may act as a role without having signed in. */
function strangersOf({ urn, type, read }: Resource, guests: ReadonlySet<unknown>): string | undefined {
  const trust = allowsOf(read(TRUST[type] ?? ""));
  if (trust.some(({ condition, principals }) => condition === undefined && principals.get("aws")?.includes("*")))
    return "its trust policy lets everyone in";
  const isGuest = trust.some(({ conditions }) =>
    [...conditions].some(([name, values]) => name.endsWith(".amazonaws.com:amr") && values.includes("unauthenticated")),
  );
  const isGiven = isGuest || guests.has(urn) || guests.has(read("arn"));
  return isGiven ? "Amazon Cognito gives it to visitors who haven't signed in" : undefined;
}

export const s3NoAnonymousRole: StackPolicy = {
  ...metaOf("s3-no-anonymous-role"),
  reads: (type) => isIdentityPolicy(type) || isAttachment(type) || Object.hasOwn(TRUST, type) || isPool(type),
  evaluateStack: adviceOn("anonymous-role", (resources) => {
    const [readers, guests] = [readersIn(resources), guestsOf(resources.filter(({ type }) => isPool(type)))];
    return (role) => {
      const isReader = [role.urn, ...keysOf(role, "name", "roleName")].some((key) => readers.has(key));
      const how = Object.hasOwn(TRUST, role.type) && isReader ? strangersOf(role, guests) : undefined;
      return how === undefined ? undefined : { how };
    };
  }),
};
