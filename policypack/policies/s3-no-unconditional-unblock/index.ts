import { said } from "../../findings/finding";
import { valuesAt } from "../../lib/values";
import type { ResourcePolicy } from "../../policy/definition";
import { allowsOf } from "../allows";
import { metaOf } from "../meta";

/** Where the policies of identities are. */
export const IDENTITY_POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/role:Role": "inlinePolicies.policy",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": "inlinePolicy",
  "aws-native:iam:ManagedPolicy": "policyDocument",
  "aws-native:iam:Policy": "policyDocument",
  "aws-native:iam:RolePolicy": "policyDocument",
  "aws-native:iam:UserPolicy": "policyDocument",
  "aws-native:iam:GroupPolicy": "policyDocument",
  "aws-native:iam:Role": "policies.policyDocument",
  "aws-native:iam:User": "policies.policyDocument",
  "aws-native:iam:Group": "policies.policyDocument",
  "aws-native:sso:PermissionSet": "inlinePolicy",
};
const ACTIONS = ["s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"];
const FIX = "Leave them out, deny them, or add a condition, such as on aws:PrincipalArn.";

export const s3NoUnconditionalUnblock: ResourcePolicy = {
  ...metaOf("s3-no-unconditional-unblock"),
  reads: (type) => Object.hasOwn(IDENTITY_POLICIES, type),
  evaluateResource: ({ urn, type, read }) => {
    const allows = valuesAt(read, IDENTITY_POLICIES[type] ?? "").flatMap(allowsOf);
    const open = allows.filter(({ condition }) => condition === undefined);
    const actions = ACTIONS.filter((action) => open.some((each) => each.allows(action))).join(" and ");
    return actions === "" ? [] : [{ urn, said: said("unblock", urn, { actions }, [FIX]) }];
  },
};
