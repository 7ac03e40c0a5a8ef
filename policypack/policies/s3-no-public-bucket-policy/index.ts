import { fix, quoted, said } from "../../findings/finding";
import type { ResourcePolicy } from "../../policy/definition";
import { verdictFindings } from "../verdict";
import { metaOf } from "../meta";
import { attachedTo, hasDocument, verdictOf } from "./resources";

const FIX = fix("name-principals", ['"Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-..." } }']);

/** No policy of a bucket or an access point is what AWS calls public. */
export const s3NoPublicBucketPolicy: ResourcePolicy = {
  ...metaOf("s3-no-public-bucket-policy"),
  reads: hasDocument,
  evaluateResource: (resource) => {
    const { urn } = resource;
    const of = attachedTo(resource);
    return verdictFindings(urn, `The ${of} policy in ${quoted(urn)}`, verdictOf(resource), ({ statements }) => {
      const open = statements.map(
        ({ index, sid, reason }) => `  statement ${index + 1}${sid === undefined ? "" : ` ('${sid}')`} ${reason}`,
      );
      return said("public-policy", urn, { of }, [...open, FIX]);
    });
  },
};
