import type { StackPolicy } from "../../policy/definition";
import { adviceOn } from "../advice";
import { allowsOfIdentity, isIdentityPolicy } from "../allows";
import { metaOf } from "../meta";

const ACTIONS = ["s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"];
const FIX = "Leave them out, deny them, or add a condition, such as on aws:PrincipalArn.";

export const s3NoUnconditionalUnblock: StackPolicy = {
  ...metaOf("s3-no-unconditional-unblock"),
  reads: isIdentityPolicy,
  evaluateStack: adviceOn("unblock", FIX, () => (resource) => {
    const open = allowsOfIdentity(resource).filter(({ condition }) => condition === undefined);
    const actions = ACTIONS.filter((action) => open.some(({ allows }) => allows(action))).join(" and ");
    return actions === "" ? undefined : { actions };
  }),
};
