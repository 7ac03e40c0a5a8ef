import { textOf } from "../../lib/json-text";
import type { StackPolicy } from "../../policy/definition";
import { adviceOn, listed } from "../advice";
import { type Allow, allowsIn } from "../allows";
import { metaOf } from "../meta";
import { pinningsOf } from "../s3-no-public-bucket-policy/conditions";
import { attachedTo, hasDocument } from "../s3-no-public-bucket-policy/resources";

const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/; // RFC 1918: unreachable over the internet.

/** Wider than /16, or than the /48 that a site gets of IPv6 (RFC 6177). AWS calls nothing public up to /8 and /32. */
function isWide(range: string): boolean {
  const [address = "", width = "128"] = range.split("/");
  return !PRIVATE.test(address) && Number(width) < (address.includes(":") ? 48 : 16);
}

/** The wide ranges of a statement that lets everyone in, and that nothing but an address pins. */
function rangesOf({ principals, condition, conditions }: Allow): string[] {
  const pins = pinningsOf(condition, "bucket").filter(({ pins }) => pins === "yes");
  const isByAddress = pins.length > 0 && pins.every(({ name }) => name.toLowerCase().endsWith(" aws:sourceip"));
  if (!isByAddress || !principals.get("aws")?.includes("*")) return [];
  return (conditions.get("ipaddress aws:sourceip") ?? []).flatMap((each) => textOf(each) ?? []).filter(isWide);
}

export const s3NoWideAddressRange: StackPolicy = {
  ...metaOf("s3-no-wide-address-range"),
  reads: hasDocument,
  evaluateStack: adviceOn("wide-range", () => (resource) => {
    const ranges = listed(allowsIn(resource).flatMap(rangesOf));
    return ranges === undefined ? undefined : { of: attachedTo(resource), ranges };
  }),
};
