import { isUtf8 } from "node:buffer";
import type { Read, Resource } from "../../policypack/face";
import { firstKnown, hasUnknown, parseJson, SECRET, SIGNATURE, UNKNOWN, UNKNOWNS } from "../../policypack/face";
import type { Json } from "../gate/output";
import type { StateResource } from "./state";

/*
 * The third source of the plain resource that the policies evaluate: a state, besides what the engine sends before a resource is
 * made and at the end. `pulumi policy analyze --file` does the same with AnalyzeSnapshot in Pulumi's
 * pkg/resource/deploy/analyze_snapshot.go, but for two things. A state knows which resources the program only reads. A preview
 * doesn't evaluate those, nor does it take one of them for a lock, so they are left out. And what has neither inputs nor
 * outputs there is evaluated: `policy analyze` takes it for one that `--target` leaves out.
 */

/** The source of a resource: a state, or a preview's steps. */
export type Stated = Omit<StateResource, "id" | "isOnlyRead" | "isManaged" | "isComponent" | "frames">;

export function managedIn(resources: readonly StateResource[], isRelevant: (type: string) => boolean) {
  const providers = providersIn(resources);
  return resources
    .filter((each) => isRelevant(each.type) && each.isManaged && !each.isComponent)
    .map((state) => ({ ...told(state, providers), state }));
}

export type Providers = ReturnType<typeof providersIn>;

export function providersIn(resources: readonly Stated[]) {
  const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:"));
  return new Map(
    providers.map(({ urn, inputs }) => {
      const own = Object.entries(inputs).filter(([key]) => !isInternal(key));
      // Open if some of its configuration isn't known, so that it could be asked nothing.
      return [urn, { urn, read: reader(inputs), isOpen: own.some(([, value]) => hasUnknown(plainValue(value))) }];
    }),
  );
}

/** A resource as a policy sees it that evaluates one by itself, from its inputs, and one that evaluates the stack. */
export function told(resource: Stated, providers: Providers): { planned: Resource; stored: Resource } {
  const { urn, type, inputs, outputs, ignoreChanges, parent } = resource;
  // The reference is the URN, which may have `::` in its name, and after the last of them the ID.
  const end = resource.provider.lastIndexOf("::");
  const provider = end === -1 ? undefined : providers.get(resource.provider.slice(0, end));
  const input = reader(inputs);
  const hasInputs = isGiven(inputs);
  const [isSecretInput, isSecretOutput] = [secrecy(inputs), secrecy(outputs)];
  // One literal: a spread of what both have in common takes a fifth of the whole audit.
  const seen = (isStored: boolean): Resource & { parent?: string } => ({
    urn,
    type,
    input,
    provider,
    ignoreChanges,
    isWithoutInputs: !hasInputs && !(provider?.isOpen ?? false),
    read: isStored ? firstKnown(reader(outputs), input) : input,
    isSecret: isStored ? (key) => isSecretOutput(key) || isSecretInput(key) : isSecretInput,
    references: isStored ? (key) => resource.references(key) : () => [],
    hasOutputs: isStored && isGiven(outputs),
    hasInputs,
    inThisRun: true, // A state has no resource that `--target` left out.
  });
  const stored = seen(true);
  if (parent !== undefined) stored.parent = parent;
  return { planned: seen(false), stored };
}

/*
 * Property values as a state file has them. They are JSON, with an object in the place of what JSON has no form for. Source:
 * DeserializePropertyValue in Pulumi's pkg/resource/stack/deployment.go, and MarshalPropertyValue in its
 * pkg/resource/plugin/rpc.go, which makes of them what a policy pack is given.
 */

/** Reads one property of a resource. Those that the engine keeps for itself, `__defaults` and the like, aren't there. */
export function reader(properties: Json): Read {
  return (key) => (Object.hasOwn(properties, key) && !isInternal(key) ? plainValue(properties[key]) : undefined);
}

/** Whether a property is a secret, or has one anywhere inside. */
function secrecy(properties: Json): (key: string) => boolean {
  return (key) => Object.hasOwn(properties, key) && !isInternal(key) && hasSecret(properties[key]);
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (value as Json)[SIGNATURE] === SECRET || Object.values(value).some(hasSecret);
}

function isGiven(properties: Json): boolean {
  for (const key in properties) if (!isInternal(key)) return true; // A list of all keys takes longer than all else.
  return false;
}

const isInternal = (key: string): boolean => key.startsWith("__");

/** Values that JSON has no form for, by signature. An unknown kind of value proves nothing. */
const MARKED = new Map<unknown, (object: Json) => unknown>([
  // A secret is read as what it holds, which is JSON itself, or UNKNOWN where only its ciphertext is there.
  [SECRET, ({ plaintext }) => plainValue(typeof plaintext === "string" ? (parseJson(plaintext) ?? UNKNOWN) : UNKNOWN)],
  // A policy pack gets a resource's ID, or of a component the URN. Some versions of the engine wrote the ID as `{"V": ID}`.
  [
    "5cf8f73096256a8f31e491e813e4eb8e",
    ({ urn, id }) => {
      const known = typeof id === "object" && id !== null && "V" in id ? (id.V ?? undefined) : id;
      if (known === undefined) return typeof urn === "string" ? urn : UNKNOWN;
      return typeof known === "string" && known !== "" ? plainValue(known) : UNKNOWN;
    },
  ],
  // Bytes that are a text.
  ["803fd3297a5875dc03ca845dda5d2a98", ({ value }) => (typeof value === "string" ? textIn(value) : UNKNOWN)],
  // The 64 bits of a number, in hexadecimal digits.
  ["8ad145fe-0d11-4827-bfd7-1abcbf086f5c", ({ value }) => (typeof value === "string" ? numberIn(value) : UNKNOWN)],
  ["c44067f5952c0a294b673a41bacd8c17", plainObject], // An asset.
  ["0def7320c3a5731c473e5ecbe6d01bc7", plainObject], // An archive.
]);

function textIn(base64: string): unknown {
  const bytes = Buffer.from(base64, "base64");
  return isUtf8(bytes) ? bytes.toString() : UNKNOWN;
}

function numberIn(digits: string): unknown {
  return /^[0-9a-f]{1,16}$/i.test(digits) ? Buffer.from(digits.padStart(16, "0"), "hex").readDoubleBE() : UNKNOWN;
}

export function plainValue(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plainValue);
  const object = value as Json;
  if (!Object.hasOwn(object, SIGNATURE)) return plainObject(object);
  return (MARKED.get(object[SIGNATURE]) ?? (() => UNKNOWN))(object);
}

function plainObject(object: Json): unknown {
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, plainValue(inner)]));
}
