import type { ResourcePolicy } from "../../sdk/definition";
import { named, turnedOn, type Gap } from "../../shared/flags";
import type { Language } from "../../shared/languages";
import { nameIn } from "../../shared/urn";
import { meta } from "./meta";
import { ACCESS_POINTS, gapsOf } from "./resources";

/** An access point's own public access block, when it is given, has the four flags on. Left out, AWS turns all on. */
export const s3AccessPointPublicAccessBlock: ResourcePolicy = {
  ...meta,
  reads: (type) => Object.hasOwn(ACCESS_POINTS, type),
  evaluateResource: (resource) => {
    const found = gapsOf(resource);
    if (found.length === 0) return [];
    const { urn } = resource;
    const message = (program: () => Language): string =>
      [
        `Access point '${nameIn(urn)}' has a public access block that doesn't have the four flags on, and can't be changed later.`,
        ...found.map(({ flag, state }) => `  ${named(resource, flag, program)} ${STATES[state]}`),
        `In '${nameIn(urn)}', leave the block out, which turns all four on, or set`,
        ...turnedOn(
          resource,
          found.map(({ flag }) => flag),
          program,
        ),
      ].join("\n");
    return [{ urn, message }];
  },
};

/** Other blocks have a false where a flag is left out. Here a false is what the program says. */
const STATES: Record<Gap["state"], string> = {
  off: "is false",
  unset: "is left out, and what that means isn't documented",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};
