/** The outputs of a resource, before (preview) and after (update) it exists. */
import { UNKNOWN } from "../values";
import type { Props, Value } from "../values";
import { schemaOf } from "./kinds";

/** The account that the stand-in's resources belong to: the one AWS uses in its own examples. */
export const ACCOUNT = "123456789012";

/** The outputs that follow from the inputs alone, in a preview too, as far as the type has them. */
function derived(type: string, inputs: Props, region: string): Props {
  const all: Props = { region, ...inputs, ...(inputs.tags !== undefined && { tagsAll: inputs.tags }) };
  const declared = new Set([...schemaOf(type).computed, ...Object.keys(inputs)]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => declared.has(name)));
}

/** The outputs of a resource that is yet to be made: its inputs, and unknown for what the provider computes. */
export function previewOutputs(type: string, inputs: Props, region: string): Props {
  const unknown: Props = Object.fromEntries(schemaOf(type).computed.map((name) => [name, UNKNOWN as Value]));
  return { ...unknown, ...derived(type, inputs, region) };
}

/** The identifiers of an existing bucket of that name. Names as in `aws.s3.Bucket`. */
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

const CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource";

/** The outputs of a resource that exists: its inputs, and what can be known of the rest. */
export function existingOutputs(type: string, id: string, inputs: Props, providerRegion: string): Props {
  const region = typeof inputs.region === "string" ? inputs.region : providerRegion;
  const names = schemaOf(type).computed;
  const service = /^aws:(\w+)\//.exec(type)?.[1] ?? "";
  const values: Props = {
    // A type without a region of its own is global, as those of IAM are.
    arn: `arn:aws:${service}:${names.includes("region") ? region : ""}:${ACCOUNT}:${id}`,
    ...{ accountId: ACCOUNT, region },
    ...(/^aws:(?:s3\/bucket(V2)?|index\/s3Bucket):/.test(type) && bucketOutputs(id, region)),
  };
  const { desiredState } = inputs;
  const wanted = typeof desiredState === "string" ? (JSON.parse(desiredState) as object) : {};
  return {
    ...Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name))),
    ...derived(type, inputs, region),
    // Cloud Control reports what was wanted, and the resource's name.
    ...(type === CLOUD_CONTROL && { properties: JSON.stringify({ BucketName: id, ...wanted }) }),
  };
}

/**
 * The outputs after a change: the old ones, without the inputs that the program no longer gives (and what followed from
 * them), and the new inputs. What the provider computed stays as it was.
 */
export function updatedOutputs(type: string, state: Props, olds: Props, inputs: Props, region: string): Props {
  const gone = (name: string) => olds[name] !== undefined && inputs[name] === undefined;
  const kept = Object.entries(state).filter(([name]) => !gone(name === "tagsAll" ? "tags" : name));
  const isOther = type === CLOUD_CONTROL && inputs.desiredState !== olds.desiredState;
  return {
    ...Object.fromEntries(kept),
    ...derived(type, inputs, region),
    ...(isOther && { properties: UNKNOWN }), // Source: ComputedIf of the provider's cloudcontrolapi/resource.go.
  };
}
