import { said } from "../../findings/finding";
import { valuesAt } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { allowsOf } from "../allows";
import { metaOf } from "../meta";
import { identityPolicies } from "../ways.json";

/** Where the policies of identities are. */
export const IDENTITY_POLICIES: Readonly<Record<string, string>> = identityPolicies;
const ACTIONS = ["s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"];
const FIX = "Leave them out, deny them, or add a condition, such as on aws:PrincipalArn.";

export const s3NoUnconditionalUnblock: StackPolicy = {
  ...metaOf("s3-no-unconditional-unblock"),
  reads: (type) => Object.hasOwn(IDENTITY_POLICIES, type),
  evaluateStack: (resources) =>
    resources.flatMap(({ urn, type, read }) => {
      const allows = valuesAt(read, IDENTITY_POLICIES[type] ?? "").flatMap(allowsOf);
      const open = allows.filter(({ condition }) => condition === undefined);
      const actions = ACTIONS.filter((action) => open.some((each) => each.allows(action))).join(" and ");
      return actions === "" ? [] : [{ urn, said: said("unblock", urn, { actions }, [FIX]) }];
    }),
};
