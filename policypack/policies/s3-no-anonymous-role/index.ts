import type { Resource } from "../../engine/resource";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { isIdentityPolicy } from "../allows";
import { metaOf } from "../meta";
import { guestsIn, isAttachment, isPool, isRole, keysOf, readersIn, trustOf } from "../readers";

/** Who may act as a role without having signed in. */
function strangersOf(role: Resource, guests: ReadonlySet<unknown>): string | undefined {
  const trust = trustOf(role);
  if (trust.some(({ condition, principals }) => condition === undefined && principals.get("aws")?.includes("*")))
    return "its trust policy lets everyone in";
  const isGuest = trust.some(({ conditions }) =>
    [...conditions].some(([name, values]) => name.endsWith(".amazonaws.com:amr") && values.includes("unauthenticated")),
  );
  const isGiven = isGuest || guests.has(role.urn) || guests.has(role.read("arn"));
  return isGiven ? "Amazon Cognito gives it to visitors who haven't signed in" : undefined;
}

export const s3NoAnonymousRole: StackPolicy = {
  ...metaOf("s3-no-anonymous-role"),
  reads: (type) => isIdentityPolicy(type) || isAttachment(type) || isRole(type) || isPool(type),
  evaluateStack: adviceOn("anonymous-role", (resources) => {
    const [readers, guests] = [readersIn(resources), guestsIn(resources)];
    return (role) => {
      const isReader = [role.urn, ...keysOf(role, "name", "roleName")].some((key) => readers.has(key));
      const how = isRole(role.type) && isReader ? strangersOf(role, guests) : undefined;
      return how === undefined ? undefined : { how };
    };
  }),
};
