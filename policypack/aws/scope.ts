import type { Resource } from "../engine/resource";
import { parseJson } from "../lib/json-text";
import { property, type Read, UNKNOWN } from "../lib/values";
import { configurationOf, partitionOf, type Scope } from "./partition";

/** Where a resource's bucket name means what it says. */
export function scopeOf(resource: Resource): Scope {
  const { read, provider: made } = resource;
  const provider = made && configurationOf(made.urn);
  const endpoint = made && s3Endpoint(made.read);
  if (endpoint === UNKNOWN) return { provider, partition: undefined };
  // Another S3 has names of its own, whatever the ARNs say that it makes up.
  if (typeof endpoint === "string") return { provider, partition: endpoint };
  const region = [read("region"), made?.read("region")].find((each) => typeof each === "string");
  const byRegion = typeof region === "string" && region !== "" ? partitionOf(region) : undefined;
  return {
    provider,
    partition: arnOf(resource)?.partition ?? byRegion,
    ...(byRegion !== undefined && { region: String(region) }),
  };
}

/** A bucket's ARN has its partition and its name, even if the name is a secret that can't be read. */
export function arnOf({ read }: Resource): { partition: string | undefined; name: string | undefined } | undefined {
  const arn = read("arn");
  const parts = typeof arn === "string" ? /^arn:([^:]+):s3:::(.+)$/.exec(arn) : null;
  return parts === null ? undefined : { partition: parts[1], name: parts[2] };
}

/**
 * The S3 that a provider works with: the URL of another one than AWS's (LocalStack, MinIO), UNKNOWN while it isn't known,
 * undefined for that of AWS.
 *
 * Source: "endpoints" of the provider's configuration, where `s3api` is another name for `s3`. The SDK sends it as JSON.
 */
function s3Endpoint(read: Read): unknown {
  const written = read("endpoints");
  const endpoints = typeof written === "string" && written !== "" ? parseJson(written) : written;
  // An unreadable value may be any endpoint.
  if (endpoints === undefined && written !== undefined) return UNKNOWN;
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
