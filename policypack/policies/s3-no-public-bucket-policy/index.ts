import type { ResourcePolicy } from "../../sdk/definition";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";
import { DOCUMENTS, PROPERTIES, verdictOf } from "./resources";
import { withoutQuotes } from "./rule";
import { unverified } from "../../shared/kinds";

/** No policy of a bucket or an access point is what AWS calls public. */
export const s3NoPublicBucketPolicy: ResourcePolicy = {
  ...meta,
  reads: (type) => Object.hasOwn(DOCUMENTS, type),
  evaluateResource: (resource) => {
    const attached = DOCUMENTS[resource.type];
    if (attached === undefined) return [];
    const { urn } = resource;
    const evaluated = verdictOf(resource, attached);
    const verdict = PROPERTIES.some(resource.isSecret) ? withoutQuotes(evaluated) : evaluated;
    const subject = `The ${attached.to} policy in '${nameIn(urn)}'`;
    switch (verdict.kind) {
      case "not-public":
        return [];
      case "public": {
        const open = verdict.statements.map(
          ({ index, sid, reason }) =>
            `  statement ${index + 1}${sid === undefined ? "" : ` ('${sid}')`} ${reason}`,
        );
        return [{ urn, message: [`${subject} is public:`, ...open, FIX].join("\n") }];
      }
      case "unreadable":
        return [{ urn, message: `${subject} can't be read: ${verdict.reason}.` }];
      case "unknown":
        return [{ urn, isNote: true, message: unverified(subject, verdict.reason) }];
    }
  },
};

const FIX =
  "Name the principals, or add to the statement a condition with a fixed value, in JSON such as\n" +
  '      "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-..." } }';
