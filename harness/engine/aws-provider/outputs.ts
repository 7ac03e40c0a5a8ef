/** The outputs of a resource, before (preview) and after (update) it exists. */
import { UNKNOWN } from "../values";
import type { Props, Value } from "../values";
import type { Kind } from "./kinds";
import { schemaOf } from "./schema";

/** The account that the stand-in's resources belong to: the one AWS uses in its own examples. */
export const ACCOUNT = "123456789012";

/** The outputs that follow from the inputs alone, in a preview too. */
function derived(inputs: Props, region: string): Props {
  return { region, ...inputs, ...(inputs.tags === undefined ? {} : { tagsAll: inputs.tags }) };
}

/** The outputs of a resource that is yet to be made: its inputs, and unknown for what the provider computes. */
export function previewOutputs(type: string, inputs: Props, region: string): Props {
  const unknown: Props = Object.fromEntries(schemaOf(type).computed.map((name) => [name, UNKNOWN as Value]));
  return { ...unknown, ...withoutUndeclared(type, derived(inputs, region), inputs) };
}

/** Leaves out an output that was derived but that the type doesn't have. */
function withoutUndeclared(type: string, props: Props, inputs: Props): Props {
  const declared = new Set([...schemaOf(type).computed, ...Object.keys(inputs)]);
  return Object.fromEntries(Object.entries(props).filter(([name]) => declared.has(name)));
}

/** What an existing bucket of that name is known by. Names as in `aws.s3.Bucket`. */
export function bucketOutputs(bucket: string, region: string): Props {
  return {
    arn: `arn:aws:s3:::${bucket}`,
    bucket,
    bucketDomainName: `${bucket}.s3.amazonaws.com`,
    bucketRegion: region,
    bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
    hostedZoneId: "Z3AQBSTGFYJSTF",
    region,
  };
}

/** A value for a computed output of an existing resource. */
function computed(type: string, name: string, id: string, region: string): Value | undefined {
  const service = /^aws:(\w+)\//.exec(type)?.[1] ?? "";
  // A type without a region of its own is global, as those of IAM are.
  const place = schemaOf(type).computed.includes("region") ? region : "";
  const values: Props = {
    arn: `arn:aws:${service}:${place}:${ACCOUNT}:${id}`,
    accountId: ACCOUNT,
    region,
    ...(/^aws:(?:s3\/bucket(V2)?|index\/s3Bucket):/.test(type) ? bucketOutputs(id, region) : {}),
  };
  return values[name];
}

/** The outputs of a resource that exists: its inputs, and what can be told of the rest. */
export function existingOutputs(type: string, id: string, inputs: Props, providerRegion: string): Props {
  const region = typeof inputs.region === "string" ? inputs.region : providerRegion;
  const known = schemaOf(type).computed.flatMap((name) => {
    const value = computed(type, name, id, region);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(known),
    ...withoutUndeclared(type, derived(inputs, region), inputs),
    ...(type === CLOUD_CONTROL && { properties: propertiesOf(id, inputs) }),
  };
}

const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";

/** What Cloud Control says of a resource: what was wanted, and its name. */
function propertiesOf(id: string, { desiredState }: Props): string {
  const wanted = typeof desiredState === "string" ? (JSON.parse(desiredState) as object) : {};
  return JSON.stringify({ BucketName: id, ...wanted });
}

/**
 * The outputs after a change: the old ones, without the inputs that the program no longer gives (and what followed from
 * them), and the new inputs. What the provider computed stays as it was.
 */
export function updatedOutputs(
  type: string,
  state: Props,
  oldInputs: Props,
  inputs: Props,
  region: string,
): Props {
  const gone = (name: string) => oldInputs[name] !== undefined && inputs[name] === undefined;
  const kept = Object.entries(state).filter(([name]) => !gone(name === "tagsAll" ? "tags" : name));
  const isOther = type === CLOUD_CONTROL && inputs.desiredState !== oldInputs.desiredState;
  return {
    ...Object.fromEntries(kept),
    ...withoutUndeclared(type, derived(inputs, region), inputs),
    ...(isOther && { properties: UNKNOWN }), // Source: ComputedIf of the provider's cloudcontrolapi/resource.go.
  };
}

/** The id of a resource with these inputs; undefined when they don't hold it. */
export function idOf(kind: Kind, inputs: Props): string | undefined {
  const id = kind.id === undefined ? undefined : inputs[kind.id];
  return typeof id === "string" ? id : undefined;
}
