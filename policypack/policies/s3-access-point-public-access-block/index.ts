import type { ResourcePolicy } from "../../sdk/definition";
import { said } from "../../findings/finding";
import { named, turnOnFix } from "../../roads/fixes";
import { type Gap } from "../../shared/flags";
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
    return [
      {
        urn,
        said: (program) =>
          said("access-point-off", urn, {}, [
            ...found.map(({ flag, state }) => `  ${named(resource, flag, program)} ${STATES[state]}`),
            turnOnFix("set-or-leave-out", resource, found, program),
          ]),
      },
    ];
  },
};

/** Other blocks have a false where a flag is left out. Here a false is what the program says. */
const STATES: Record<Gap["state"], string> = {
  off: "is false",
  unset: "is left out, and what that means isn't documented",
  unknown: "can't be verified: its value isn't known before the update",
  invalid: "is not a boolean",
};
