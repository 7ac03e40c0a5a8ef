import { property, UNKNOWN, type Read } from "../../lib/values";

/**
 * The S3 that a provider works with: the URL of another one than AWS's (LocalStack, MinIO), UNKNOWN while it isn't known,
 * undefined for that of AWS.
 *
 * Source: "endpoints" of the provider's configuration, where `s3api` is another name for `s3`. The SDK sends it as JSON.
 */
export function s3Endpoint(read: Read): unknown {
  const endpoints = parsed(read("endpoints"));
  if (endpoints === UNKNOWN) return UNKNOWN;
  const given = [endpoints]
    .flat()
    .flatMap((each) => (each === UNKNOWN ? [UNKNOWN] : [property(each, "s3"), property(each, "s3api")]))
    .filter((url) => url !== undefined && url !== null && url !== "");
  if (given.length === 0) return undefined;
  const [first] = given;
  return typeof first === "string" && given.every((url) => url === first)
    ? first.replace(/(?<!\/)\/+$/, "").toLowerCase()
    : UNKNOWN;
}

/** What can't be read may be any endpoint. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || value === "") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return UNKNOWN;
  }
}
