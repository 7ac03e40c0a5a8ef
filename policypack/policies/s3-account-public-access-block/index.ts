import type { ResourcePolicy } from "../../sdk/definition";
import { gapLines, gaps } from "../../shared/flags";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";

/** The account's public access block, when a program manages it, has the four flags on. */
export const s3AccountPublicAccessBlock: ResourcePolicy = {
  ...meta,
  reads: (type) => type === "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  evaluateResource: ({ urn, read, inThisRun }) => {
    const found = inThisRun ? gaps(read) : [];
    if (found.length === 0) return [];
    const first = `The account's public access block '${nameIn(urn)}' doesn't have the four flags on.`;
    return [{ urn, message: [first, ...gapLines(urn, found)].join("\n") }];
  },
};
