import type { ResourcePolicy } from "../../policy/definition";
import { fix, quoted, said, unreadable, unverified } from "../../findings/finding";
import { metaOf } from "../meta";
import { DOCUMENTS, PROPERTIES, verdictOf } from "./resources";
import { withoutQuotes } from "./rule";

/** No policy of a bucket or an access point is what AWS calls public. */
export const s3NoPublicBucketPolicy: ResourcePolicy = {
  ...metaOf("s3-no-public-bucket-policy"),
  reads: (type) => Object.hasOwn(DOCUMENTS, type),
  evaluateResource: (resource) => {
    const attached = DOCUMENTS[resource.type];
    if (attached === undefined) return [];
    const { urn } = resource;
    const evaluated = verdictOf(resource, attached);
    const verdict = PROPERTIES.some(resource.isSecret) ? withoutQuotes(evaluated) : evaluated;
    const subject = `The ${attached.to} policy in ${quoted(urn)}`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public": {
        const open = verdict.statements.map(
          ({ index, sid, reason }) => `  statement ${index + 1}${sid === undefined ? "" : ` ('${sid}')`} ${reason}`,
        );
        return [{ urn, said: said("public-policy", urn, { of: attached.to }, [...open, FIX]) }];
      }
      case "unreadable":
        return [{ urn, said: unreadable(subject, verdict.reason) }];
      case "unknown":
        return [{ urn, isNote: true, said: unverified(subject, verdict.reason) }];
    }
  },
};

const FIX = fix("name-principals", ['"Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-..." } }']);
