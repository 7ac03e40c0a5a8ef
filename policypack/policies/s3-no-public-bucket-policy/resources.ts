import type { Resource } from "../../engine/resource";
import { property, UNKNOWN, valueAt } from "../../lib/values";
import { NOT_PUBLIC } from "../verdict";
import { documents } from "../ways.json";
import type { AttachedTo } from "./conditions";
import { evaluateDocument, type PolicyVerdict } from "./rule";

interface Attached {
  readonly to: AttachedTo;
  /** The place of the document. */
  readonly way: string;
  /** The place of an access point's VPC. */
  readonly vpc?: string;
}

/** The places of documents, from the types of @pulumi/aws and @pulumi/aws-native (docs/public-access-properties.md). */
const DOCUMENTS = documents as Readonly<Record<string, Attached>>;

export const hasDocument = (type: string): boolean => Object.hasOwn(DOCUMENTS, type);
export const attachedTo = ({ type }: Resource): AttachedTo => DOCUMENTS[type]?.to ?? "bucket";

/** The document that a resource gives, and whether it is a secret. */
export function documentIn({ type, read, isSecret }: Resource): { document: unknown; isSecret: () => boolean } {
  const way = DOCUMENTS[type]?.way ?? "";
  return { document: valueAt(read, way), isSecret: () => isSecret(way.split(".", 1)[0] ?? "") };
}

/**
 * "An access point that has a VPC network origin is always considered non-public, regardless of the contents of its
 * access point policy" ("Blocking public access to your Amazon S3 storage", S3 User Guide).
 */
export function verdictOf(resource: Resource): PolicyVerdict {
  const attached = DOCUMENTS[resource.type];
  const { document, isSecret } = documentIn(resource);
  // UNKNOWN while that isn't known.
  const id = attached?.vpc && property(resource.read(attached.vpc), "vpcId");
  const isInVpc = typeof id === "string" && id !== "";
  if (attached === undefined || isInVpc || document === undefined || document === null) return NOT_PUBLIC;
  const verdict = evaluateDocument(document, attached.to, isSecret());
  return verdict.kind === "public" && id === UNKNOWN
    ? { kind: "unknown", reason: "it is public unless the access point is for a VPC, which is not known yet" }
    : verdict;
}
