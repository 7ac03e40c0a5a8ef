import * as pulumi from "@pulumi/pulumi";

import { LockedDownBucket, type LockedDownBucketArgs } from "../../stack/locked-down-bucket";

/** A resource as the component declares it: what it is made of, and what holds it in place. */
export interface Declared {
  resource: string;
  inputs: Record<string, unknown>;
  dependsOn: string[];
  deletedWith: string | undefined;
  protect: boolean | undefined;
}

/** Pulumi's mocks: every bucket is called `made-up-name` unless it has a name, and every id is the bucket's name. */
export async function useMocks(config: Record<string, string> = {}): Promise<void> {
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`the-project:${key}`, value])),
  );
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => {
        const given = inputs as { bucket?: string };
        const bucket = given.bucket ?? "made-up-name";
        return { id: bucket, state: { ...given, bucket, arn: `arn:aws:s3:::${bucket}` } };
      },
      call: () => ({ partition: "aws" }),
    },
    "the-project",
    "dev",
  );
}

/** Declares a LockedDownBucket called `data` and tells its resources, in the order of their declaration. */
export async function declared(args?: LockedDownBucketArgs): Promise<Declared[]> {
  await useMocks();
  const seen: pulumi.ResourceTransformationArgs[] = [];
  const component = new LockedDownBucket("data", args, {
    transformations: [
      (resource) => {
        seen.push(resource);
        return undefined;
      },
    ],
  });
  const named = new Map(seen.map(({ resource, type, name }) => [resource, `${type} ${name}`]));
  const nameOf = (resource: unknown): string => named.get(resource as pulumi.Resource) ?? "unknown";
  const children = seen.filter(({ resource }) => resource !== component);
  return Promise.all(
    children.map(async ({ resource, props, opts }) => {
      const { dependsOn, deletedWith, protect } = opts as pulumi.CustomResourceOptions;
      return {
        resource: nameOf(resource),
        inputs: sent(await value(pulumi.output(props as unknown))),
        dependsOn: dependsOn === undefined ? [] : [dependsOn].flat().map(nameOf),
        deletedWith: deletedWith && nameOf(deletedWith),
        protect,
      };
    }),
  );
}

/** Inputs as the engine gets them: without what is undefined. */
function sent(inputs: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(inputs)) as Record<string, unknown>;
}

/** The value of an output. */
export function value<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
