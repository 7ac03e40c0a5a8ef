import { textOf } from "../../lib/json-text";
import { UNKNOWN } from "../../lib/values";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn, listed } from "../advice";
import { type Allow, allowsIn } from "../allows";
import { metaOf } from "../meta";
import { attachedTo, hasDocument } from "../s3-no-public-bucket-policy/resources";

const CONDITION =
  /^(?:foranyvalue:)?(?:stringequals|stringlike|arnequals|arnlike|stringequalsignorecase) aws:source(?:arn|account|orgid|orgpaths)$/;
const FIX = 'Add to the statement a condition such as "StringEquals": { "aws:SourceAccount": "123456789012" }.';

/** An ARN may have a wildcard behind its account. One that isn't known yet is there. */
const isFixed = (value: unknown): boolean =>
  value === UNKNOWN || /^[^*?$]+$|^arn:[^:*?$]+:[^:*?$]+:[^:]*:\d{12}:/.test(textOf(value) ?? "*");

function isPinned({ conditions }: Allow): boolean {
  return [...conditions].some(([name, values]) => CONDITION.test(name) && values.length > 0 && values.every(isFixed));
}

/** No service acts for other accounts ("The confused deputy problem", IAM User Guide). */
export const s3NoConfusedDeputy: StackPolicy = {
  ...metaOf("s3-no-confused-deputy"),
  reads: hasDocument,
  evaluateStack: adviceOn("confused-deputy", FIX, () => (resource) => {
    const open = allowsIn(resource).filter((allow) => !isPinned(allow));
    const services = listed(open.flatMap(({ principals }) => principals.get("service") ?? []));
    return services === undefined ? undefined : { of: attachedTo(resource), services };
  }),
};
